import io
import json
import pathlib
import shutil

import pytest
import tensorflow as tf
from rich.console import Console

from components.errors import UserError
from components.video_example_gen.splits import SplitRatios
from pipeline.check import check
from pipeline.demo_data.encoding import write_clip

RATIOS = SplitRatios()
