"""A folder from which TensorFlow can load a model, wherever the model is and whatever it is called."""

import atexit
import functools
import os
import shutil
import tempfile

from components.file_patterns import has_glob_characters, require_no_glob_characters
from components.folders import copy_files
from components.s3 import is_s3


@functools.cache
def loadable_folder(folder: str) -> str:
    """Returns the model's folder or, for the lifetime of this process, a link to it or a copy of it.

    TensorFlow reads nothing from S3. It looks for a model's weights with a glob that begins with the folder, so it
    would find none if the folder's name contains special glob characters.

    Raises:
        UserError: if a bucket's folder has such a name, or S3 cannot be reached.
    """
    if is_s3(folder):
        copy = os.path.join(_temporary_folder(), "model")
        copy_files(folder, copy)
        return copy
    if "://" in folder:
        require_no_glob_characters("model", folder)
    if not has_glob_characters(folder):
        return folder
    link = os.path.join(_temporary_folder(), "model")
    os.symlink(os.path.abspath(folder), link)
    return link


def _temporary_folder() -> str:
    folder = tempfile.mkdtemp(prefix="deepfake-model-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
