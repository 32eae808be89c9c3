"""`deepfake cache`: shows the contents of the feature cache, and limits its size."""

import datetime
from typing import TYPE_CHECKING, Annotated

import rich.filesize
import typer

from components import storage
from components.errors import UserError
from pipeline.cli.options import Json
from pipeline.terminal.console import Console, print_json
from pipeline.terminal.table import Column, print_table

if TYPE_CHECKING:
    from components.frame_feature_gen.cache_upkeep import CacheGroup

app = typer.Typer(help="Shows and bounds a feature cache.", no_args_is_help=True)
Folder = Annotated[str, typer.Argument(metavar="DIR", help="Folder or bucket of the cache, e.g. runs/feature_cache.")]
_DAY_S = 24 * 3600


@app.command()
def stats(folder: Folder, as_json: Json = False) -> None:
    """Tells how many videos' features there are, by the settings they were made with."""
    from components.frame_feature_gen.cache_upkeep import read_cache

    _require_folder(folder)
    groups = read_cache(folder)
    if as_json:
        rows = [
            {
                "fingerprint": group.fingerprint,
                "settings": group.settings,
                "entries": len(group.entries),
                "size_bytes": group.size_bytes,
            }
            for group in groups
        ]
        print_json({"groups": rows}, Console())
    elif not groups:
        Console().print(f"{folder} holds no features")
    else:
        columns = [Column(heading) for heading in ("fingerprint", "sampling", "crop", "encoder")]
        columns += [Column(heading, right=True) for heading in ("videos", "size", "oldest", "newest")]
        print_table(columns, [_cells(group) for group in groups], Console(), ruled=True)


@app.command()
def prune(
    folder: Folder,
    max_gb: Annotated[
        float | None, typer.Option(min=0, help="Remove the oldest until no more gigabytes are left.")
    ] = None,
    older_than_days: Annotated[float | None, typer.Option(min=0, help="Remove what was written before.")] = None,
    fingerprint: Annotated[str | None, typer.Option(help="Only of these settings; alone, all of them.")] = None,
) -> None:
    """Removes features; a run that wants them decodes their videos again."""
    from components.frame_feature_gen.cache_upkeep import list_fingerprints, prune_cache

    if max_gb is None and older_than_days is None and fingerprint is None:
        raise UserError("cache prune: no bound is given; type --max-gb, --older-than-days or --fingerprint")
    _require_folder(folder)
    if fingerprint is not None and fingerprint not in (known := list_fingerprints(folder)):
        raise UserError(f"--fingerprint: {fingerprint!r} is not in {folder}; there are {', '.join(known) or 'none'}")
    removed = prune_cache(
        folder,
        max_bytes=None if max_gb is None else round(max_gb * 1e9),
        max_age_s=None if older_than_days is None else older_than_days * _DAY_S,
        fingerprint=fingerprint,
    )
    size = rich.filesize.decimal(sum(entry.size_bytes for entry in removed))
    Console().print(f"features of {len(removed):,} videos removed, {size}")


def _require_folder(folder: str) -> None:
    if not storage.isdir(folder):
        raise UserError(f"{folder}: no such folder; type that of a feature cache, e.g. runs/feature_cache")


def _cells(group: "CacheGroup") -> list[str]:
    times = [_day(entry.written_at) for entry in (*group.entries[:1], *group.entries[-1:])] or ["", ""]
    names = [str(group.settings.get(name, "")) for name in ("sampling", "crop")]
    encoder = str(group.settings.get("encoder", ""))[:12]
    size = rich.filesize.decimal(group.size_bytes)
    return [group.fingerprint, *names, encoder, f"{len(group.entries):,}", size, *times]


def _day(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d")
