"""Leaves out the test videos that the audited model was trained on."""

import numpy as np

from components.auditor.videos import Videos
from components.errors import UserError
from components.served_model.training_videos import TrainingVideos


def leave_out_known(videos: Videos, training: TrainingVideos, group_by: str) -> tuple[Videos, list[str]]:
    """Returns the videos without those test videos that the model was trained on, and sentences about that.

    A model is trained on test videos if the one that it was warm-started from was.

    Args:
        videos: of all splits.
        training: of the model.
        group_by: what the videos' groups are made by.

    Raises:
        UserError: if the test videos that are left have not both classes.
    """
    tested = videos.of_split("test")
    found = training.find(videos.digests[tested].tolist(), videos.groups[tested].tolist(), group_by)
    known = np.asarray([each.was_trained_on for each in found], bool)
    remarks = []
    if known.any():
        told = f"the model was trained on {known.sum():,} of the {len(tested):,} videos of the test split"
        if len(np.unique(videos.labels[tested[~known]])) < 2:
            raise UserError(
                f"{told}, and what is left has not both classes to audit it by; audit a model that was not "
                "warm-started from one that knew them"
            )
        remarks.append(f"{told}, which are left out")
        videos = videos.only(np.setdiff1d(np.arange(len(videos.ids)), tested[known]))
    if not training.complete:
        remarks.append(
            "unknown is whether the model was trained on videos of the test split, as earlier models do not tell"
        )
    return videos, remarks
