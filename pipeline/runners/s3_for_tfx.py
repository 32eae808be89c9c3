"""S3 for TFX, whose driver looks for new videos in the data root by its own file API."""

from tfx.dsl.io import filesystem_registry
from tfx.dsl.io.filesystem import Filesystem

from components import s3


class S3Filesystem(Filesystem):
    """What can be asked about objects; nothing is opened by it."""

    SUPPORTED_SCHEMES = s3.SCHEMES

    exists = staticmethod(s3.exists)
    glob = staticmethod(s3.glob)
    isdir = staticmethod(s3.isdir)
    listdir = staticmethod(s3.listdir)
    stat = staticmethod(s3.stat)
    walk = staticmethod(s3.walk)


def register_s3() -> None:
    """Makes TFX use it in this process, in place of TensorFlow, which claims s3:// without being able to open it."""
    filesystem_registry.DEFAULT_FILESYSTEM_REGISTRY.register(S3Filesystem, priority=0)
