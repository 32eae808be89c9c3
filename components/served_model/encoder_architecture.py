"""The architectures that a frame encoder can have."""

import dataclasses
from typing import Final, Literal

EncoderName = Literal[
    "inception_v3",
    "xception",
    "resnet_50_v2",
    "efficientnet_b0",
    "efficientnet_v2_s",
    "convnext_tiny",
    "mobilenet_v3_small",
]

RANDOM_PREFIX: Final = "random:"
IMAGENET: Final = "imagenet"


@dataclasses.dataclass(frozen=True)
class EncoderArchitecture:
    """A network of `keras.applications` without its top, with average pooling.

    Attributes:
        module: of `keras.applications`, which has its preprocessing.
        network: the function of `keras.applications` that builds it.
        frame_size: height and width in pixels of the frames that it takes.
        feature_size: width of a frame's feature vector, D.
    """

    module: str
    network: str
    frame_size: int
    feature_size: int


ENCODER_ARCHITECTURES: Final[dict[EncoderName, EncoderArchitecture]] = {
    # At the size of the Kaggle notebook; Keras' own default is 299.
    "inception_v3": EncoderArchitecture("inception_v3", "InceptionV3", 224, 2048),
    "xception": EncoderArchitecture("xception", "Xception", 299, 2048),
    "resnet_50_v2": EncoderArchitecture("resnet_v2", "ResNet50V2", 224, 2048),
    "efficientnet_b0": EncoderArchitecture("efficientnet", "EfficientNetB0", 224, 1280),
    "efficientnet_v2_s": EncoderArchitecture("efficientnet_v2", "EfficientNetV2S", 384, 1280),
    "convnext_tiny": EncoderArchitecture("convnext", "ConvNeXtTiny", 224, 768),
    "mobilenet_v3_small": EncoderArchitecture("mobilenet_v3", "MobileNetV3Small", 224, 576),
}


def is_weights_file(weights: str) -> bool:
    """Whether `encoder.weights` is the uri of a file, rather than the name of ImageNet's weights or a seed."""
    return weights != IMAGENET and not weights.startswith(RANDOM_PREFIX)
