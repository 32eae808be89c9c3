"""Sets up a notebook, before it imports anything else."""

import os
import warnings
from typing import Final

from components.environment import set_environment

_KERNEL_FOLDER: Final = os.getcwd()


def start_notebook(folder: str) -> None:
    """Silences the libraries, and changes to the folder that the paths of runs and data are relative to.

    Args:
        folder: relative to the folder where the kernel was started, even if this is called repeatedly.
    """
    set_environment()
    warnings.filterwarnings("ignore", category=FutureWarning, module="google")
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="tensorflow_model_analysis")
    os.chdir(os.path.join(_KERNEL_FOLDER, folder))
