"""Writes the manifest of a data set from how it lies on disk: its folders, names and lists."""
