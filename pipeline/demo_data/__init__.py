"""Synthetic talking-head clips and forgeries of them, drawn by the program, for the demo and the tests."""

from pipeline.demo_data.encoding import write_clip
from pipeline.demo_data.generate import generate_demo_data, generate_long_videos

__all__ = ["generate_demo_data", "generate_long_videos", "write_clip"]
