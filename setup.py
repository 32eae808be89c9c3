"""Beam ships the package to its workers with --setup_file=./setup.py; the metadata are in pyproject.toml."""

from setuptools import setup

setup()
