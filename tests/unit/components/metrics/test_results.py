from components.json_files import write_json
from components.metrics.results import DECISION_FILE, read_decision


def test_the_decision_of_an_earlier_version_is_read(tmp_path):
    rule = {"metric": "auc", "passed": True}
    write_json(str(tmp_path / DECISION_FILE), {"blessed": True, "rules": [{**rule, "words": "auc is 1"}]})
    assert read_decision(str(tmp_path / DECISION_FILE)) == {"blessed": True, "rules": [{**rule, "message": "auc is 1"}]}
