from components.auditor.finding import Audit, Measurement, merge_audits, read_audits, write_audits


def audit(name: str, model: str, headline: str = "") -> Audit:
    return Audit(name, headline, [], model_digest=model)


def test_an_audit_made_anew_replaces_its_own_name_only():
    earlier = [audit("leak", "a", "old"), audit("order", "a", "old"), audit("label", "a", "old")]
    kept = merge_audits(earlier, [audit("order", "a", "new")])
    assert [(each.name, each.headline) for each in kept] == [("leak", "old"), ("order", "new"), ("label", "old")]


def test_audits_of_another_model_or_of_nobody_knows_which_are_not_kept():
    earlier = [audit("leak", "b"), audit("label", "")]
    assert merge_audits(earlier, [audit("order", "a")]) == [audit("order", "a")]


def test_audits_of_earlier_versions_are_read(tmp_path):
    (tmp_path / "audits.json").write_text(
        '[{"name": "leak", "headline": "", "figures": [{"name": "auc", "value": null, "low": null, "high": null, '
        '"count": 3}], "warning": null, "rows": []}]'
    )
    (earlier,) = read_audits(str(tmp_path))
    assert earlier == Audit("leak", "", [Measurement("auc", None, None, None, 3)])
    write_audits(str(tmp_path), [earlier])
    assert read_audits(str(tmp_path)) == [earlier]
