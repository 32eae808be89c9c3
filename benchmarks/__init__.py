"""Benchmarks of the hot path against the notebook that the project grew from and against other engines."""
