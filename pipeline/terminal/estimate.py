"""What an extraction will take, on a few lines."""

import rich.filesize

from components.frame_feature_gen.cost import Estimate
from pipeline.terminal.console import Console
from pipeline.terminal.table import Column, print_table


def print_estimate(estimate: Estimate, console: Console) -> None:
    """Prints the time and the memory for each number of workers, and the disk that the features take."""
    disk = rich.filesize.decimal(estimate.disk_bytes)
    if estimate.by_workers:
        rows = [
            (str(cost.workers), _time(cost.seconds), rich.filesize.decimal(cost.memory_bytes))
            for cost in estimate.by_workers
        ]
        columns = [Column("extraction.workers"), Column("time, about", right=True), Column("memory", right=True)]
        print_table(columns, rows, console, ruled=True)
        each = f"{estimate.decode_s:.2f} s to decode a video and {estimate.encode_s:.2f} s to encode its frames"
        console.print(f"measured on {estimate.measured} videos: {each}; what is in the feature cache takes no time")
    else:
        measured = "decoding" if estimate.decode_s is None else "encoding"
        console.print(f"extraction: {measured} a video took too long to be measured in a few seconds")
    console.print(f"disk for the features of {estimate.videos:,} videos: {disk}")


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
