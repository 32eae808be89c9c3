"""The error of a task that Kubeflow Pipelines fails."""


class LauncherError(Exception):
    """A failed task; the message is the real launcher's, as far as it does not depend on the machine."""
