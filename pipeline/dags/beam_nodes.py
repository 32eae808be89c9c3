"""Passes Beam's options to the nodes that run Beam, and to no others."""

from collections.abc import Iterable, Sequence

from tfx.dsl.components.base.base_beam_component import BaseBeamComponent
from tfx.dsl.components.base.base_node import BaseNode


def set_beam_args(
    nodes: Iterable[BaseNode], beam_pipeline_args: Sequence[str], own: dict[BaseNode, Sequence[str] | None]
) -> None:
    """Sets the Beam options of the nodes.

    Args:
        nodes: the nodes of a pipeline.
        beam_pipeline_args: Beam's options. Set on the pipeline itself, they would be repeated in every node of a
            compiled one.
        own: options by node that replace these.
    """
    for node in nodes:
        if isinstance(node, BaseBeamComponent):
            given = own.get(node)
            node.with_beam_pipeline_args(list(beam_pipeline_args if given is None else given))
