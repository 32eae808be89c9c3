"""From videos on a disk to what a pushed model says of them: rows, figures, and an explanation of one."""
