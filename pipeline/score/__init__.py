"""From videos on a disk to what a pushed model says of them."""
