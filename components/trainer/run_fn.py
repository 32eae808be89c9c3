"""The Trainer's entry point."""

import math
import os
import tempfile
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tensorflow_transform as tft

from components.example_counts import require_counts
from components.features import FRAME_FEATURES_XF
from components.folders import staging_folder
from components.served_model.decision import DecisionSettings, choose_decision
from components.served_model.description import write_model_description
from components.served_model.encoder import describe_served_encoder
from components.served_model.expected_outputs import write_expected_outputs
from components.served_model.training_videos import TrainingVideos, write_training_videos
from components.trainer.architectures import architecture
from components.trainer.batches import read_batches, read_first_videos, read_groups
from components.trainer.calibration_layer import calibrate_model
from components.trainer.calibration_selection import choose_calibration
from components.trainer.class_weights import class_weights, prior_shift
from components.trainer.fitting import best_epoch, fit
from components.trainer.local_records import LocalRecords, cache_records
from components.trainer.mixed_precision import has_gpu, mixed_precision
from components.trainer.model import build_model, compile_training
from components.trainer.search_space import tuned_settings
from components.trainer.settings import TrainerSettings
from components.trainer.signatures import export_served_model
from components.trainer.trained_on import find_trained_on
from components.trainer.training_state import StateFile, training_key
from components.trainer.warm_start import read_weights, write_weights
from components.video_order import SAMPLE


def run_fn(fn_args: Any) -> None:
    """Trains, calibrates and exports one model.

    Args:
        fn_args: tfx.components.FnArgs, whose `custom_config` holds `settings` (fields of TrainerSettings), `decision`
            (fields of DecisionSettings), `given_fakes` (the share of the data set's fakes that is trained on), `seed`,
            `code_version`, `state_dir` (for the state of unfinished trainings),
            `description` (copied into `model.json`) and, optionally, `examples` (their `uri` and the numbers
            `recorded` by split) and `splits` (the uri of the table of videos by split).

    Raises:
        UserError: if the warm-start model does not match the settings or has seen too many of the test videos, if the
            training diverges, or if there are not as many examples as were recorded.
    """
    config = fn_args.custom_config
    settings, seed = TrainerSettings(**config["settings"]), config["seed"]
    if fn_args.hyperparameters:
        settings = tuned_settings(settings, fn_args.hyperparameters["values"])
    # Before any dataset is built, since shuffling also uses TensorFlow's global seed.
    keras.utils.set_random_seed(seed)
    transform_output = tft.TFTransformOutput(fn_args.transform_output)
    with tempfile.TemporaryDirectory(prefix="deepfake-training-") as folder:
        given_fakes = config["given_fakes"]
        train = cache_records(fn_args.train_files, os.path.join(folder, "train"), given_fakes=given_fakes)
        evaluation = cache_records(fn_args.eval_files, os.path.join(folder, "eval"))
        if examples := config.get("examples"):
            require_counts(examples["uri"], {"train": train.read, "eval": evaluation.read}, examples["recorded"])
        weights = class_weights(settings.class_weights, videos=train.count, fakes=train.trained.fakes)
        epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
        specification = transform_output.transformed_feature_spec()
        frames, feature_size = specification[FRAME_FEATURES_XF].shape
        train_batches = read_batches(
            train, specification, settings.batch_size, class_weights=weights, shuffle_seed=seed, epoch=epoch
        )
        eval_batches = read_batches(evaluation, specification, settings.batch_size, class_weights=weights)
        with mixed_precision(has_gpu()):
            built = build_model(settings, frames=frames, feature_size=feature_size)
            start = read_weights(built, settings.warm_start, settings) if settings.warm_start else ""
            trained_on = _trained_on(config, settings)
            steps = settings.epochs * math.ceil(train.count / settings.batch_size)
            trained = compile_training(built, settings, steps=steps)
        state_file = StateFile(config["state_dir"], _key(config, settings, train, evaluation, start))
        with staging_folder(fn_args.model_run_dir) as log_folder:
            history = fit(
                trained, train_batches, eval_batches, settings, log_folder, epoch=epoch, state_file=state_file
            )
        # Evaluated and served in float32, even if trained in mixed precision.
        model = build_model(settings, frames=frames, feature_size=feature_size)
        model.set_weights(trained.get_weights())
        float32_model = compile_training(model, settings, steps=0)
        metrics = float32_model.evaluate(eval_batches, return_dict=True, verbose=0)
        probabilities = float32_model.predict(eval_batches, verbose=0)[:, 0]
        labels = np.concatenate([labels.numpy()[:, 0] for _, labels, _ in eval_batches])
        groups = read_groups(evaluation, specification)
        videos = read_first_videos(evaluation, specification, SAMPLE)

    decision_settings = DecisionSettings(**config["decision"])
    chosen = choose_calibration(
        labels,
        probabilities,
        method=decision_settings.calibration,
        clip=decision_settings.clip,
        shift=-prior_shift(weights, trained=train.trained, given=train.given),
        seed=seed,
        groups=groups,
    )
    decision = choose_decision(labels, chosen.calibration(probabilities), decision_settings)
    frame_score = architecture(settings.model).FRAME_SCORE
    served = calibrate_model(model, chosen.calibration, frame_score)
    with staging_folder(fn_args.serving_model_dir) as model_folder:
        export_served_model(served, transform_output, fn_args.base_model, model_folder)
        describe_served_encoder(model_folder, fn_args.base_model)
        write_weights(model, model_folder)
        if trained_on:
            write_training_videos(model_folder, trained_on)
        description = write_model_description(
            model_folder,
            served,
            encoder_path=fn_args.base_model,
            description={
                "threshold": decision.threshold,
                "inconclusive_band": decision.inconclusive_band,
                "decision": decision.report,
                "calibration": chosen.report,
                "frame_score": frame_score.value,
                **config["description"],
                "training_videos": len(trained_on.digests) if trained_on else None,
                "trainer": settings.model_dump(),
                "given_fakes": given_fakes,
                "class_weights": weights,
                "seed": seed,
                "epochs": len(history["loss"]),
                "best_epoch": best_epoch(history),
                "eval_metrics": metrics,
            },
        )
    write_expected_outputs(
        os.path.dirname(fn_args.serving_model_dir),
        served,
        videos,
        transform_output=transform_output,
        encoder_path=fn_args.base_model,
        description=description,
    )
    state_file.remove()


def _trained_on(config: dict[str, Any], settings: TrainerSettings) -> TrainingVideos | None:
    if "splits" not in config:
        return None
    return find_trained_on(config["splits"], config["description"]["split"]["group_by"], settings.warm_start)


def _key(
    config: dict[str, Any], settings: TrainerSettings, train: LocalRecords, evaluation: LocalRecords, start: str
) -> str:
    return training_key(
        settings=settings.model_dump(),
        seed=config["seed"],
        code_version=config["code_version"],
        train=train.digest,
        evaluation=evaluation.digest,
        warm_start=start,
        gpu=has_gpu(),
    )
