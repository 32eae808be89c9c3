"""The Trainer's entry point."""

import os
import tempfile
from typing import Any

import numpy as np
import scipy.special
import tensorflow_transform as tft

from components.example_counts import require_counts
from components.features import LOG_ODDS_FAKE
from components.folders import staging_folder
from components.served_model.aggregation import Aggregation
from components.served_model.decision import DecisionSettings, choose_decision
from components.served_model.description import write_model_description
from components.served_model.encoder import describe_served_encoder
from components.served_model.expected_outputs import write_expected_outputs
from components.served_model.real_clips import describe_real_clips
from components.served_model.training_videos import TrainingVideos, write_training_videos
from components.trainer.architectures import architecture
from components.trainer.batches import read_first_videos, read_groups
from components.trainer.calibration_layer import calibrate_model
from components.trainer.calibration_selection import choose_calibration
from components.trainer.class_weights import class_weights, prior_shift
from components.trainer.ensemble import average_members
from components.trainer.local_records import LocalRecords, cache_records
from components.trainer.members import TrainingData, train_members
from components.trainer.mixed_precision import has_gpu
from components.trainer.model import compile_training
from components.trainer.search_space import tuned_settings
from components.trainer.settings import TrainerSettings
from components.trainer.signatures import export_served_model
from components.trainer.trained_on import find_trained_on
from components.trainer.training_state import StateFile, training_key
from components.trainer.warm_start import check_start, write_weights
from components.video_order import SAMPLE


def run_fn(fn_args: Any) -> None:
    """Trains, calibrates and exports one model, of one member or several.

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
    transform_output = tft.TFTransformOutput(fn_args.transform_output)
    specification = transform_output.transformed_feature_spec()
    with tempfile.TemporaryDirectory(prefix="deepfake-training-") as folder:
        given_fakes = config["given_fakes"]
        train = cache_records(fn_args.train_files, os.path.join(folder, "train"), given_fakes=given_fakes)
        evaluation = cache_records(fn_args.eval_files, os.path.join(folder, "eval"))
        if examples := config.get("examples"):
            require_counts(examples["uri"], {"train": train.read, "eval": evaluation.read}, examples["recorded"])
        weights = class_weights(settings.class_weights, videos=train.count, fakes=train.trained.fakes)
        data = TrainingData(train, evaluation, specification, weights)
        start = check_start(settings.warm_start, settings, **data.shape) if settings.warm_start else ""
        trained_on = _trained_on(config, settings)
        state_file = StateFile(config["state_dir"], _key(config, settings, train, evaluation, start))
        with staging_folder(fn_args.model_run_dir) as log_folder:
            members = train_members(settings, data, seed=seed, log_folder=log_folder, state_file=state_file)
        eval_batches = data.eval_batches(settings.batch_size)
        model = average_members([member.model for member in members])
        metrics = compile_training(model, settings, steps=0).evaluate(eval_batches, return_dict=True, verbose=0)
        # Not the float32 probabilities, of which the highest round to 1.
        odds = model.predict(eval_batches, verbose=0)[LOG_ODDS_FAKE][:, 0]
        probabilities = scipy.special.expit(odds.astype(np.float64))
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
    of_reals = chosen.calibration.log_odds(odds[labels == 0].astype(np.float64))
    aggregation = Aggregation(rule=decision_settings.aggregate, real_clips=describe_real_clips(of_reals))
    frame_score = architecture(settings.model).FRAME_SCORE
    served = calibrate_model(model, chosen.calibration, frame_score)
    with staging_folder(fn_args.serving_model_dir) as model_folder:
        export_served_model(served, transform_output, fn_args.base_model, model_folder)
        describe_served_encoder(model_folder, fn_args.base_model)
        write_weights([member.model for member in members], model_folder)
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
                "aggregation": aggregation.model_dump(),
                "frame_score": frame_score.value,
                **config["description"],
                "training_videos": len(trained_on.digests) if trained_on else None,
                "trainer": settings.model_dump(),
                "given_fakes": given_fakes,
                "class_weights": weights,
                "seed": seed,
                # Of the first member, for readers of one.
                **{key: members[0].report[key] for key in ("epochs", "best_epoch")},
                "members": [member.report for member in members],
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
