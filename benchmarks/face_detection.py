"""How many faces each detector finds at which size, and what that costs.

python benchmarks/face_detection.py FOLDER [--faceless FILE ...] [--yunet MODEL.onnx]

FOLDER holds clips with one main face in each. Harder variants are made of their frames: `far` (the face 100 pixels
large in a frame of 1920x1080), `dark` (a tenth of the light, with sensor noise), `tilted` (by 20 degrees) and `side`
(squeezed to 0.6 of its width, as a head turned half away). A face counts as found where a box overlaps the expected
one: that on which the detectors agree in the plain frame, carried over by the same geometry. CPU time is of one thread.
"""

import os

# Must be set before TensorFlow and OpenCV are loaded.
os.environ |= {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import argparse
import dataclasses
import pathlib
import time
from collections.abc import Callable

import av
import cv2
import numpy as np

from components.video_decoding.faces.clip_face import clip_face, overlap
from components.video_decoding.faces.detectors import DETECTORS, at_reduced_size
from components.video_decoding.faces.face import Detect, Face

LONG_SIDES = (320, 480, 640, 960)
REFERENCE_LONG_SIDE = 640
SAME_FACE_OVERLAP = 0.3
VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")


@dataclasses.dataclass(frozen=True)
class Sample:
    """A frame, uint8 [H, W, 3] BGR, and the position of its face; None if it has none."""

    clip: str
    frame: np.ndarray
    face: Face | None


def read_frames(path: pathlib.Path, count: int) -> list[np.ndarray]:
    """Returns `count` evenly spaced frames of a clip."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    positions = [(2 * index + 1) * len(frames) // (2 * count) for index in range(count)]
    return [frames[position].to_ndarray(format="bgr24") for position in positions]


def read_samples(folder: pathlib.Path, count: int, detectors: list[Detect]) -> list[Sample]:
    """Returns the frames in which at least two detectors, or the only one, agree on the largest face."""
    samples = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in VIDEOS):
        for frame in read_frames(path, count):
            found = [detect(frame) for detect in detectors]
            face = clip_face(found)
            if face and sum(any(same(face, other) for other in faces) for faces in found) >= min(2, len(detectors)):
                samples.append(Sample(str(path), frame, face))
            else:
                print(f"left out, since the detectors do not agree: a frame of {path}")
    return samples


def same(one: Face, other: Face) -> bool:
    """Whether two boxes are of the same face."""
    return overlap(one, other) > SAME_FACE_OVERLAP


def warped(sample: Sample, matrix: np.ndarray, width: int, height: int) -> Sample:
    """Applies an affine map, float [2, 3], to the frame, on a background of soft noise, and to its face."""
    assert sample.face is not None
    noise = np.random.default_rng(0).integers(40, 200, (height // 60 + 1, width // 60 + 1, 3), np.uint8)
    background = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    # Blurs before downscaling to avoid aliasing, as a camera would.
    frame = cv2.GaussianBlur(sample.frame, (0, 0), 0.4 / scale) if scale < 1 else sample.frame
    cv2.warpAffine(frame, matrix, (width, height), background, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    face = sample.face
    center = matrix @ (face.left + face.width / 2, face.top + face.height / 2, 1)
    across, down = face.width * np.linalg.norm(matrix[:, 0]), face.height * np.linalg.norm(matrix[:, 1])
    box = Face(float(center[0] - across / 2), float(center[1] - down / 2), float(across), float(down), face.pose)
    return Sample(sample.clip, background, box)


def far(sample: Sample) -> Sample:
    """The face at 100 pixels in a full HD frame."""
    assert sample.face is not None
    scale = 100 / sample.face.side
    height, width = sample.frame.shape[:2]
    matrix = np.asarray([[scale, 0, 1200 - scale * width / 2], [0, scale, 500 - scale * height / 2]])
    return warped(sample, matrix, 1920, 1080)


def dark(sample: Sample) -> Sample:
    """A tenth of the light, with the corresponding noise."""
    noise = np.random.default_rng(0).normal(0, 3, sample.frame.shape)
    frame = np.clip(0.1 * sample.frame + noise, 0, 255).astype(np.uint8)
    return dataclasses.replace(sample, frame=frame)


def tilted(sample: Sample) -> Sample:
    """The head tilted by 20 degrees."""
    height, width = sample.frame.shape[:2]
    return warped(sample, cv2.getRotationMatrix2D((width / 2, height / 2), 20, 1), width, height)


def side(sample: Sample) -> Sample:
    """Squeezed, like a head turned half away."""
    height, width = sample.frame.shape[:2]
    return warped(sample, np.asarray([[0.6, 0, 0.2 * width], [0, 1.0, 0]]), width, height)


VARIANTS: dict[str, Callable[[Sample], Sample]] = {
    "plain": lambda sample: sample,
    "far": far,
    "dark": dark,
    "tilted": tilted,
    "side": side,
}


def measure(detect: Detect, variants: list[list[Sample]], faceless: list[Sample]) -> list[str]:
    """Returns the cells of one row: found per variant, CPU milliseconds per frame, false boxes per hundred frames."""
    detect(variants[0][0].frame)
    cells, false, spent, frames = [], 0, 0.0, 0
    for samples in (*variants, faceless):
        found = []
        for sample in samples:
            started = time.process_time()
            faces = detect(sample.frame)
            spent += time.process_time() - started
            matching = [face for face in faces if sample.face and same(face, sample.face)]
            false += len(faces) - len(matching)
            found += [sample.clip] if matching else []
        frames += len(samples)
        if samples is not faceless:
            clips = len(set(found)) / len({sample.clip for sample in samples})
            cells.append(f"{100 * clips:.0f} / {100 * len(found) / len(samples):.0f}")
    return [*cells, f"{1000 * spent / frames:.0f}", f"{100 * false / frames:.1f}"]


def main() -> None:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="clips with one main face in each")
    parser.add_argument("--faceless", type=pathlib.Path, nargs="*", default=[], help="clips without faces")
    parser.add_argument("--yunet", type=pathlib.Path, help="a YuNet model; without one it is left out")
    parser.add_argument("--frames", type=int, default=3, help="looked at in each clip")
    parser.add_argument("--long-sides", type=int, nargs="*", default=LONG_SIDES)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    models = {name: b"" for name, detector in DETECTORS.items() if not detector.needs_model}
    if arguments.yunet:
        models["yunet"] = arguments.yunet.read_bytes()
    detectors = {name: DETECTORS[name].load(model) for name, model in models.items()}

    references = [at_reduced_size(detect, REFERENCE_LONG_SIDE) for detect in detectors.values()]
    samples = read_samples(arguments.folder, arguments.frames, references)
    faceless = [
        Sample(str(path), frame, None) for path in arguments.faceless for frame in read_frames(path, arguments.frames)
    ]
    variants = [[make(sample) for sample in samples] for make in VARIANTS.values()]
    print(f"{len(samples)} frames with a face, {len(faceless)} without; found: % of clips / % of frames\n")
    header = ["detector", "long side", *VARIANTS, "CPU ms a frame", "false in 100 frames"]
    print("|", " | ".join(header), "|")
    print("|---" * len(header) + "|")
    for name, detect in detectors.items():
        for long_side in arguments.long_sides:
            cells = measure(at_reduced_size(detect, long_side), variants, faceless)
            print("|", " | ".join([name, str(long_side), *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
