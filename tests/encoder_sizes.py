"""The sizes of frames and features: of the default encoder, and of `SMALL_ENCODER`."""

from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES

FRAME_SIZE = ENCODER_ARCHITECTURES["inception_v3"].frame_size
FEATURE_SIZE = ENCODER_ARCHITECTURES["inception_v3"].feature_size
FEW_FEATURES = 128
"""Of a frame, for models that are trained on drawn ones."""
AUDITED_FEATURES = 512
"""The same, where labels of few groups are shuffled: with fewer, all five shuffles may be guessed alike by chance."""
SMALL_FEATURE_SIZE = ENCODER_ARCHITECTURES["mobilenet_v3_small"].feature_size
