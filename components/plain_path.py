"""Another path to a model's folder, where its own would be read as a glob."""

import atexit
import functools
import os
import shutil
import tempfile

from components.file_patterns import holds_sign, require_plain


@functools.cache
def plain_path(folder: str) -> str:
    """The folder itself, or a link to it that lives as long as this process, if there are signs of a glob in its name.

    TensorFlow looks for a model's weights by a glob that begins with the folder, so it would find none.

    Raises:
        UserError: if there are such signs in the name of a bucket's folder.
    """
    if "://" in folder:
        require_plain("model", folder)
    if not holds_sign(folder):
        return folder
    home = tempfile.mkdtemp(prefix="deepfake-model-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    link = os.path.join(home, "model")
    os.symlink(os.path.abspath(folder), link)
    return link
