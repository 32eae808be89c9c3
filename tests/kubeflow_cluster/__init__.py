"""A double of Kubeflow Pipelines: walks a compiled pipeline as its driver and its launcher do.

Each module names the files below backend/src/v2 of github.com/kubeflow/pipelines whose rules it follows, as they are at
tag 2.5.0, at tag 2.17.0, and at the branch `mlmd-removal`, which becomes the next release.
"""
