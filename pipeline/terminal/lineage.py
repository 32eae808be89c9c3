"""A lineage for people, and as JSON."""

import dataclasses
import json
import os

from rich.tree import Tree

from pipeline.runs.lineage import Ancestor, Lineage
from pipeline.terminal.console import Console, as_text, json_text, print_fields
from pipeline.terminal.table import Shortened

# TFX internals, and what is shown elsewhere; the JSON has all of them.
_HIDDEN = {
    *("code_version", "data_fingerprint", "description", "text", "input_config", "input_fingerprint", "output_config"),
    *("output_data_format", "output_file_format", "span", "exclude_splits", "splits_config", "preprocessing_fn"),
    *("disable_statistics", "force_tf_compat_v1", "run_fn", "train_args", "eval_args", "state_dir"),
}


def lineage_json(lineage: Lineage) -> str:
    """Returns the lineage as one JSON object."""
    return json_text(dataclasses.asdict(lineage), indent=2)


def scores_lineage_json(scores: Lineage, model: Lineage | None) -> str:
    """Returns the lineage of scores, and of their model if it is known, as one JSON object."""
    return json_text({"scores": dataclasses.asdict(scores), "model": model and dataclasses.asdict(model)}, indent=2)


def print_lineage(lineage: Lineage, console: Console, title: str = "") -> None:
    """Prints the tree of executions, each with its inputs below it; repeated executions are only named.

    Args:
        lineage: lineage of a model or of scores.
        console: where to print.
        title: title of the tree; by default the model.
    """
    makers = {number: each for each in lineage.executions for ids in each.outputs.values() for number in ids}
    tree = Tree(as_text((title or lineage.model, "bold")))
    _grow(tree, makers[lineage.pushed], lineage, makers, set())
    console.print(tree, soft_wrap=True)
    console.print()
    runs = dict.fromkeys(each.run for each in lineage.executions)
    lines = {
        "data": f"{lineage.data_root}, fingerprint {lineage.data_fingerprint or 'not known'}",
        "runs": ", ".join(runs),
        "code": ", ".join(f"{node} {version}" for node, version in lineage.code_versions.items()),
        "store": lineage.store,
    }
    print_fields(lines, console, width=6)


def _grow(branch: Tree, execution: Ancestor, lineage: Lineage, makers: dict[int, Ancestor], shown: set[int]) -> None:
    above = " (above)" if execution.id in shown else ""
    told = f" execution {execution.id}, {execution.finished[:19]}{above}"
    node = branch.add(as_text((execution.node, "bold"), (told, "dim")))
    if above:
        return
    shown.add(execution.id)
    for name, value in sorted(execution.parameters.items()):
        if value not in ("", None) and name not in _HIDDEN:
            text = " ".join((value if isinstance(value, str) else json.dumps(value)).split())
            node.add(Shortened(as_text(text), as_text((f"{name} ", "dim"))))
    # The model first, since the rest depends on it.
    for key, numbers in sorted(execution.inputs.items(), key=lambda pair: (pair[0] != "model", pair[0])):
        for number in numbers:
            leaf = node.add(Shortened(as_text((_near(lineage.artifacts[number].uri), "dim")), as_text(f"{key} ")))
            if number in makers:
                _grow(leaf, makers[number], lineage, makers, shown)


def _near(uri: str) -> str:
    below = os.path.abspath(uri).startswith(f"{os.getcwd()}{os.sep}")
    return os.path.relpath(uri) if "://" not in uri and below else uri
