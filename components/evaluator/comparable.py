"""Whether two models can be scored on the same features."""

from typing import Final

from components.errors import UserError
from components.served_model.description import Description
from components.served_model.encoder import EncoderDescription
from components.served_model.encoder_architecture import is_weights_file

_EXTRACTION: Final = ("sampling", "frames", "crop", "hdr", "face_detector")


def require_comparable(candidate: Description, baseline: Description, uri: str) -> None:
    """Checks that the baseline was trained on such features as those that the candidate is scored on.

    Precision, engine and version of the code do not matter: they change features by less than models notice.

    Raises:
        UserError: if they differ; the baseline's scores would mean nothing.
    """
    differing = _differences(candidate, baseline)
    if differing:
        raise UserError(
            f"evaluator.baseline={uri!r}: it takes other features than this model ({', '.join(differing)}), so they "
            "cannot be compared; type --set evaluator.baseline=none to go without, or set what differs back"
        )


def _differences(candidate: Description, baseline: Description) -> list[str]:
    pairs = {name: (getattr(baseline, name), getattr(candidate, name)) for name in _EXTRACTION}
    found = [
        f"{name} {there or 'none'}, not {here or 'none'}" for name, (there, here) in pairs.items() if there != here
    ]
    there, here = baseline.encoder, candidate.encoder
    if not _same_weights(there, here):
        found.append(f"encoder {there.architecture} of {there.weights}, not {here.architecture} of {here.weights}")
    return found


def _same_weights(one: EncoderDescription, other: EncoderDescription) -> bool:
    if one.architecture != other.architecture:
        return False
    known = one.weights_fingerprint and other.weights_fingerprint
    # A path says nothing of a file's content; names and seeds mean the same everywhere, but for the last digits.
    if known and (is_weights_file(one.weights) or one.weights != other.weights):
        return one.weights_fingerprint == other.weights_fingerprint
    return one.weights == other.weights
