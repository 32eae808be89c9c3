"""An alternative path to a model's folder if its own would be read as a glob."""

import atexit
import functools
import os
import shutil
import tempfile

from components.file_patterns import has_glob_characters, require_no_glob_characters


@functools.cache
def glob_safe_path(folder: str) -> str:
    """Returns the folder, or a link to it for this process's lifetime if its name contains special glob characters.

    TensorFlow looks for a model's weights with a glob that begins with the folder, so it would find none.

    Raises:
        UserError: if a bucket's folder has such a name.
    """
    if "://" in folder:
        require_no_glob_characters("model", folder)
    if not has_glob_characters(folder):
        return folder
    home = tempfile.mkdtemp(prefix="deepfake-model-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    link = os.path.join(home, "model")
    os.symlink(os.path.abspath(folder), link)
    return link
