"""The entry point of TFX's Tuner."""

import os
from typing import Any

import keras
import tensorflow as tf
import tensorflow_transform as tft
from tfx.components.tuner.component import TunerFnResult

from components.features import FRAME_FEATURES_XF
from components.s3 import is_s3
from components.trainer.batches import read_batches
from components.trainer.class_weights import class_weights
from components.trainer.local_records import cache_records
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import training_key
from components.tuner.search import Search
from components.tuner.settings import TunerSettings


def tuner_fn(fn_args: Any) -> TunerFnResult:
    """Returns the search for TFX to run.

    Args:
        fn_args: tfx.components.FnArgs, whose `custom_config` holds `settings` (fields of TrainerSettings), `tuner`
            (fields of TunerSettings), `given_fakes` (see `run_fn`), `seed`, `code_version` and `state_dir` (where
            trials are saved).
    """
    config = fn_args.custom_config
    settings, tuner, seed = TrainerSettings(**config["settings"]), TunerSettings(**config["tuner"]), config["seed"]
    # Before any dataset is built, since shuffling also uses TensorFlow's global seed.
    keras.utils.set_random_seed(seed)
    train = cache_records(
        fn_args.train_files, os.path.join(fn_args.working_dir, "train"), given_fakes=config["given_fakes"]
    )
    evaluation = cache_records(fn_args.eval_files, os.path.join(fn_args.working_dir, "eval"))
    weights = class_weights(settings.class_weights, videos=train.count, fakes=train.trained.fakes)
    specification = tft.TFTransformOutput(fn_args.transform_graph_path).transformed_feature_spec()
    epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
    frames, feature_size = specification[FRAME_FEATURES_XF].shape
    search = Search(
        settings,
        tuner,
        frames=frames,
        feature_size=feature_size,
        seed=seed,
        # Keras Tuner saves trials by TensorFlow's file API, which has no S3: there, a retried search starts anew.
        folder=fn_args.working_dir if is_s3(config["state_dir"]) else config["state_dir"],
        name="search-"
        + training_key(
            settings=config["settings"],
            tuner=config["tuner"],
            seed=seed,
            code_version=config["code_version"],
            train=train.digest,
            evaluation=evaluation.digest,
        ),
    )
    return TunerFnResult(
        search,
        {
            "train": read_batches(
                train, specification, settings.batch_size, class_weights=weights, shuffle_seed=seed, epoch=epoch
            ),
            "evaluation": read_batches(evaluation, specification, settings.batch_size, class_weights=weights),
            "epoch": epoch,
        },
    )
