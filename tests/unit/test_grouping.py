import pytest


def test_tests_in_several_processes_know_their_group(request, worker_id):
    if worker_id == "master":
        pytest.skip("one process only")
    assert request.node.nodeid.endswith("@unit/test_grouping.py")
