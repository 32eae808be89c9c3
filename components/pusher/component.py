"""Pusher: TFX's own, with an executor that pushes no model twice."""

from tfx.components.pusher import component
from tfx.dsl.components.base import executor_spec

from components.pusher import executor


class Pusher(component.Pusher):
    """Gives `pushed_model`, and copies a blessed model to a version folder of the push destination."""

    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)
