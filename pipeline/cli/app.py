"""The `deepfake` command."""

import io
import os
import pathlib
import shlex
import sys
import warnings
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from components.environment import set_environment
from components.errors import UserError
from pipeline.cli.data import cache
from pipeline.cli.models import score, serve
from pipeline.cli.options import PipelineName, Set, Target, Which
from pipeline.cli.results import audit
from pipeline.cli.results import lineage as lineage_command
from pipeline.config.sources.overrides import Given, redact_command
from pipeline.submission.errors import ServiceError
from pipeline.terminal.console import Console, print_error
from pipeline.terminal.log import interrupts_noted, log_to_file

if TYPE_CHECKING:
    from pipeline.config.scoring import ScoringConfig
    from pipeline.config.training import TrainingConfig

app = typer.Typer(
    name="deepfake",
    help="Learns to tell forged videos from real ones, gates what it learnt, and exports it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cache.app, name="cache")
app.command("audit")(audit.audit)
app.command("lineage")(lineage_command.lineage)
app.command("score")(score.score)
app.command("serve")(serve.serve)


@app.callback()
def _options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    context.obj = debug


@app.command()
def check(
    data_root: Annotated[str, typer.Argument(help="Folder with metadata.json, or with folders that have one.")],
    config: Annotated[str, typer.Option(help="Config whose splits and limits are meant.")] = "dfdc",
    settings: Set = [],  # noqa: B006 (typer copies it)
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tells whether a data set can be used, without running anything. Exit code 2 if a run would fail."""
    from pipeline.config.load import load_config
    from pipeline.terminal.health import check as check_dataset

    loaded = load_config(config, settings)
    with log_to_file() as console:
        code = check_dataset(
            data_root,
            loaded.split.ratios,
            loaded.split.group_by,
            loaded.data.max_quarantine_ratio,
            console,
            as_json=json,
        )
    raise typer.Exit(code)


@app.command("demo-data")
def demo_data(
    out: Annotated[pathlib.Path, typer.Option(help="Folder for the videos and their metadata.json.")],
    videos: Annotated[int, typer.Option(help="How many; a third of them real.")] = 180,
    seed: Annotated[int, typer.Option(help="The same seed draws the same videos.")] = 0,
) -> None:
    """Draws synthetic talking heads, real and forged, to try the pipeline on."""
    from pipeline.demo_data import generate_demo_data
    from pipeline.terminal.console import progress

    with log_to_file() as console:
        with progress("drawing", console) as tell:
            generate_demo_data(out, videos=videos, seed=seed, progress=tell)
        console.print(f"{videos} synthetic videos in {out}")


@app.command()
def run(
    context: typer.Context,
    config: Annotated[
        str | None, typer.Option(help="A YAML file, or the name of one that comes with the package.")
    ] = None,
    data_root: Annotated[str | None, typer.Option(help="Stands for data.root of the config.")] = None,
    name: Annotated[str | None, typer.Option(help="Stands for name of the config.")] = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
) -> None:
    """Trains, evaluates and pushes, or scores, on this machine; what is done already is taken from the cache."""
    from pipeline.cli.pipelines.run import score as score_videos
    from pipeline.cli.pipelines.run import train

    options = [("--name", "name", name), ("--data-root", "data.root", data_root)]
    given = [Given(option, key, value) for option, key, value in options if value is not None]
    if pipeline is PipelineName.SCORING:
        start, source = score_videos, config or pipeline.value
    elif config:
        start, source = train, config
    else:
        raise UserError("--config is missing; type e.g. --config demo, or a YAML file of your own")
    raise typer.Exit(
        start(
            source,
            [*given, *settings],
            command=shlex.join(["deepfake", *redact_command(sys.argv[1:])]),
            debug=context.obj,
        )
    )


@app.command()
def report(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN|MODEL]", help="A run's name or folder, or a pushed version folder.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Put two runs side by side instead.")
    ] = None,
    runs_dir: Annotated[str, typer.Option(help="The folder of all runs.")] = "runs",
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Makes the report of a run anew from its store, by default of the newest training."""
    if run and compare:
        raise UserError(f"--compare {' '.join(compare)}: takes two runs and no third, {run!r}; leave one out")
    with log_to_file() as console:
        from pipeline.runs.report import compare_runs, report_run
        from pipeline.terminal.console import status

        with status("reading the artifacts", console):
            path = compare_runs(*compare, runs_dir) if compare else report_run(run, runs_dir)
        console.print(f"report {path}")
    if open_browser and not webbrowser.open(pathlib.Path(path).absolute().as_uri()):
        Console().print("no browser could be opened")


@app.command()
def extract(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Videos, globs, or folders of videos.")],
    config: Annotated[str, typer.Option(help="As for run; its encoder and extraction are meant.")] = "dfdc",
    cache_dir: Annotated[str | None, typer.Option(help="Stands for extraction.cache_dir of the config.")] = None,
    settings: Set = [],  # noqa: B006 (typer copies it)
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fills the feature cache with the features of any videos. Exit code 3 if some cannot be used."""
    from pipeline.config.load import load_config
    from pipeline.runners.beam.args import secrets_in

    given = [] if cache_dir is None else [Given("--cache-dir", "extraction.cache_dir", cache_dir)]
    loaded = load_config(config, [*given, *settings])
    log = os.path.join(loaded.runs_dir, "extract.log")
    with log_to_file(log, secrets_in(loaded.beam_args)) as console, interrupts_noted() as interrupts:
        from pipeline.extraction.extract import extract as extract_videos

        try:
            code = extract_videos(paths, loaded, console, as_json=json)
        except (Exception, KeyboardInterrupt):
            if not interrupts:
                raise
            console.print("interrupted; the same command goes on where it was")
            raise typer.Exit(130) from None
    raise typer.Exit(code)


@app.command("compile")
def compile_pipeline(
    target: Annotated[Target, typer.Option(help="The engine that will run it.")],
    out: Annotated[pathlib.Path, typer.Option(help="The file to write: JSON for Vertex, YAML for Kubeflow.")],
    config: Annotated[str | None, typer.Option(help="As for run; by default named like the target.")] = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
) -> None:
    """Writes the pipeline as Vertex AI or Kubeflow Pipelines run it; needs neither credentials nor network."""
    from pipeline.runners import write_compiled

    loaded = _load(config, pipeline, target, settings)
    with log_to_file() as console:
        for line in write_compiled(target.value, loaded, out):
            console.print(line)


@app.command("submit")
def submit_pipeline(
    target: Annotated[Target, typer.Option(help="The engine that is to run it.")],
    config: Annotated[str | None, typer.Option(help="As for run; by default named like the target.")] = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the run; exit code 1 if it fails.")] = False,
    job_id: Annotated[str, typer.Option(help="Stands for the id made from what is sent; runs the same again.")] = "",
) -> None:
    """Compiles the pipeline and hands it to Vertex AI or Kubeflow Pipelines; the same one is never taken twice."""
    from pipeline.submission.submit import submit

    loaded = _load(config, pipeline, target, settings)
    code = submit(target.value, loaded, Console(), job_id=job_id, dry_run=dry_run, wait=wait)
    raise typer.Exit(code)


def main() -> None:
    """The console script: a user's mistake is a line and exit code 2, an engine's failure a line and 1."""
    _set_up_tensorflow()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Where the locale is not UTF-8.
            stream.reconfigure(errors="backslashreplace")
    try:
        _require_utf8(sys.argv[1:])
        code = app(standalone_mode=False)
    except TyperException as error:
        # Without arguments the message is the help, which is printed by now.
        if message := error.format_message():
            context = getattr(error, "ctx", None)
            print_error(f"{message.rstrip('.')}; type {context.command_path if context else 'deepfake'} --help")
        code = error.exit_code
    except UserError as error:
        if "--debug" in sys.argv:
            raise
        print_error(error.message, *error.table)
        code = 2
    except ServiceError as error:
        if "--debug" in sys.argv:
            raise
        print_error(str(error))
        code = 1
    sys.exit(code or 0)


def _require_utf8(arguments: list[str]) -> None:
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            # TensorFlow opens no such file.
            raise UserError(f"{argument!r} is not UTF-8; rename the file or folder that is meant") from error


def _set_up_tensorflow() -> None:
    set_environment()
    # Google's packages announce at import that Python 3.10 is past its end of life.
    warnings.filterwarnings("ignore", category=FutureWarning, module="google")


def _load(
    config: str | None, pipeline: PipelineName, target: Target, settings: list[str]
) -> "TrainingConfig | ScoringConfig":
    from pipeline.config.load import load_config
    from pipeline.config.scoring import ScoringConfig

    if pipeline is PipelineName.SCORING:
        return load_config(config or pipeline.value, settings, ScoringConfig)
    return load_config(config or target.value, settings)
