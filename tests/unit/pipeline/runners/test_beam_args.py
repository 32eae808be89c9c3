"""Beam's options."""

import pytest

from pipeline.runners.beam.args import distributed_runner, extraction_beam_args, node_beam_args


@pytest.mark.parametrize(
    ("options", "runner"),
    [
        (["--runner=FlinkRunner"], "FlinkRunner"),
        (["--runner", "SparkRunner", "--x"], "SparkRunner"),
        (["--runner=dataflow"], "dataflow"),
        (["--runner=DirectRunner", "--runner=PortableRunner"], "PortableRunner"),
        (["--runner=a.module.FarRunner"], "a.module.FarRunner"),
        (["--runner=$(RUNNER)"], "$(RUNNER)"),
        (["--runner=DirectRunner"], ""),
        (["--runner=direct"], ""),
        (["--runner", "apache_beam.runners.portability.prism_runner.PrismRunner"], ""),
        (["--runner=FlinkRunner", "--runner=DirectRunner"], ""),
        (["--runner_name=FlinkRunner"], ""),
        (["--runner"], ""),
        (node_beam_args([]), ""),
        (extraction_beam_args(4, []), ""),
    ],
)
def test_a_runner_on_other_machines_is_named(options, runner):
    assert distributed_runner(options) == runner
