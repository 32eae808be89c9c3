"""Trees of empty files as published data sets lay them out, and their manifests as tables."""

import csv
import pathlib
from collections.abc import Iterable, Mapping


def make_files(root: pathlib.Path, uris: Iterable[str]) -> None:
    """Makes empty files."""
    for uri in uris:
        path = root / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def read_table(path: pathlib.Path) -> list[dict[str, str]]:
    """Reads a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(path: pathlib.Path, *columns: str) -> dict[str, tuple[str, ...]]:
    """Returns these columns of a manifest by uri."""
    return {row["uri"]: tuple(row[column] for column in columns) for row in read_table(path)}


def left_out(path: pathlib.Path) -> Mapping[str, str]:
    """Returns the reason by uri of what is left out of a manifest; nothing if there is no such file."""
    beside = path.with_name(f"{path.name}.left_out.csv")
    return {row["uri"]: row["reason"] for row in read_table(beside)} if beside.exists() else {}


def refusal(ended: tuple[int, str, str]) -> str:
    """Returns the line that a refused command ended with, given its exit code, output and errors."""
    code, _, errors = ended
    (line,) = errors.splitlines()
    assert code == 2
    return line
