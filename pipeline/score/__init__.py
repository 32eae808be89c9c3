"""Scores videos with a pushed model: rows, metrics, and an explanation of one video."""
