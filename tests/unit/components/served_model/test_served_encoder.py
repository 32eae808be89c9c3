import pytest

from components.served_model.encoder import (
    EncoderDescription,
    describe_served_encoder,
    read_description,
    write_description,
)

BUILT = EncoderDescription(fingerprint="ab", engine="tensorflow", precision="bfloat16", agreement={"frames": 3})


@pytest.mark.parametrize("engine", ["tensorflow", "openvino"])
def test_served_encoder_runs_in_tensorflow_and_its_features_are_told_from_those_of_another_engine(tmp_path, engine):
    built, served = str(tmp_path / "built"), str(tmp_path / "served")
    write_description(built, BUILT.model_copy(update={"engine": engine}))
    describe_served_encoder(served, built)
    described = read_description(served)
    assert (described.engine, described.precision) == ("tensorflow", "bfloat16")
    assert (described.fingerprint == BUILT.fingerprint) == (engine == "tensorflow")
