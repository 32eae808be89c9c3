"""The Trainer's entry point."""

import os
import tempfile
from typing import Any

import keras
import tensorflow_transform as tft

from components.trainer.dataset import read_batches
from components.trainer.model import build_model
from components.trainer.model_description import write_model_description
from components.trainer.settings import TrainerSettings
from components.trainer.signatures import export_served_model
from components.trainer.training import best_epoch, fit


def run_fn(fn_args: Any) -> None:
    """Trains and exports one model.

    Args:
        fn_args: tfx.components.FnArgs, whose `custom_config` holds `settings` (the fields of TrainerSettings),
            `seed`, and `description`, which is copied into `model.json`.
    """
    custom_config = fn_args.custom_config
    settings = TrainerSettings(**custom_config["settings"])
    keras.utils.set_random_seed(custom_config["seed"])
    transform_output = tft.TFTransformOutput(fn_args.transform_output)

    with tempfile.TemporaryDirectory(prefix="deepfake-training-") as folder:
        train = read_batches(
            fn_args.train_files,
            transform_output,
            settings.batch_size,
            folder=os.path.join(folder, "train"),
            shuffle_seed=custom_config["seed"],
        )
        evaluation = read_batches(
            fn_args.eval_files, transform_output, settings.batch_size, folder=os.path.join(folder, "eval")
        )
        model = build_model(settings)
        history = fit(model, train, evaluation, settings, fn_args.model_run_dir)
        metrics = model.evaluate(evaluation, return_dict=True, verbose=0)

    export_served_model(model, transform_output, fn_args.base_model, fn_args.serving_model_dir)
    write_model_description(
        fn_args.serving_model_dir,
        model,
        encoder_path=fn_args.base_model,
        description={
            **custom_config["description"],
            "trainer": settings.model_dump(),
            "seed": custom_config["seed"],
            "epochs": len(history.epoch),
            "best_epoch": best_epoch(history),
            "eval_metrics": metrics,
        },
    )
