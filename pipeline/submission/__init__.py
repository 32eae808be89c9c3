"""Submits a compiled pipeline to Vertex AI or Kubeflow Pipelines, and never the same one twice."""
