"""Whole walks in the versions of Kubeflow Pipelines that the end-to-end tests walk in part."""

import pytest
from containers import run_in_pod
from kubeflow_cluster.cluster import Cluster
from kubeflow_cluster.demo_runs import executed, metrics, naming_the_pod, pushed_model, score, train
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore
from short_demo import EVEN_SPLITS
from training_nodes import NODES

pytestmark = [pytest.mark.engine, pytest.mark.long]

SETTINGS = (*EVEN_SPLITS, "report.filmstrips=0")


@pytest.fixture(scope="module")
def walked(tmp_path_factory, local_data):
    """Walks training, training with the first's model as baseline, and scoring; returns the metrics of both models."""
    shared = tmp_path_factory.mktemp("versions")

    def walked(profile: str) -> tuple[dict[str, float], ...]:
        bucket = shared / profile / "bucket"
        cluster = Cluster(PROFILES[profile], FolderStore(bucket), shared / profile / "pod", run_in_pod)
        first = train(cluster, str(bucket), str(local_data), *SETTINGS)
        assert executed(first) == NODES
        model = pushed_model(str(bucket), first)
        second = train(cluster, str(bucket), str(local_data), *SETTINGS, "trainer.learning_rate=1e-9", baseline=model)
        assert second["Evaluator"].outputs["blessing"].metadata["baseline_model"] == model
        scored = score(cluster, str(bucket), str(local_data), model, "drift.fail=false")
        assert scored["SubmissionGen"].outputs["scores"].metadata["model"] == model
        assert list(naming_the_pod(cluster)) == []
        return metrics(cluster, first), metrics(cluster, second)

    return walked


def test_all_versions_train_the_same_models(walked):
    newest, oldest = walked("next"), walked("2.5")
    assert newest == pytest.approx(oldest)
