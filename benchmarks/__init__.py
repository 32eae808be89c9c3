"""What the hot path costs, against the notebook that the project grew from and against other engines."""
