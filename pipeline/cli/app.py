"""The `deepfake` command."""

import io
import os
import sys
import warnings
from collections.abc import Callable
from typing import Annotated

import typer
from typer.exceptions import TyperException

from components.environment import set_environment
from components.errors import UserError
from components.file_faults import find_fault
from pipeline.cli.data import cache, check, demo_data, extract, index
from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.leaving import leave
from pipeline.cli.models import score, serve
from pipeline.cli.pipelines import compile as compile_command
from pipeline.cli.pipelines import run, submit
from pipeline.cli.results import audit, lineage, report
from pipeline.runners.failure import NodeFailedError
from pipeline.submission.errors import ServiceError
from pipeline.terminal.console import notices_shown, print_error

_COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Data": {
        "check": check.check,
        "index": index.index,
        "demo-data": demo_data.demo_data,
        "extract": extract.extract,
    },
    "Pipelines": {"run": run.run, "compile": compile_command.compile_pipeline, "submit": submit.submit_pipeline},
    "Results": {"report": report.report, "audit": audit.audit, "lineage": lineage.lineage},
    "Models": {"score": score.score, "serve": serve.serve},
}

app = typer.Typer(
    name="deepfake",
    help="Learns to tell forged videos from real ones, gates what it learnt, and exports it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _subject, _commands in _COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_subject)(_command)
app.add_typer(cache.app, name="cache", rich_help_panel="Data")


@app.callback()
def _options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    context.obj = debug


def main() -> None:
    """Entry point of the console script.

    Errors are one line each: exit code 2 for what the user can correct, 1 for what an engine or a disk refused.
    """
    _require_utf8_names()
    _set_up_tensorflow()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # For locales other than UTF-8.
            stream.reconfigure(errors="backslashreplace")
    try:
        _require_utf8(sys.argv[1:])
        with notices_shown(print_error):
            code = app(standalone_mode=False)
        # Here rather than at the interpreter's end, which cannot word an error.
        sys.stdout.flush()
    except TyperException as error:
        # Without arguments the message is the help, which has already been printed.
        if message := error.format_message():
            context = getattr(error, "ctx", None)
            print_error(f"{message.rstrip('.')}; type {context.command_path if context else 'deepfake'} --help")
        code = error.exit_code
    except UserError as error:
        if "--debug" in sys.argv:
            raise
        print_error(error.message, *error.table)
        code = ExitCode.USER_ERROR
    except (ServiceError, NodeFailedError) as error:
        if "--debug" in sys.argv:
            raise
        print_error(str(error))
        code = ExitCode.FAILED
    except BrokenPipeError:
        # The reader, such as `head`, is gone.
        code = ExitCode.FAILED
    except Exception as error:
        fault = find_fault(error)
        if fault is None or "--debug" in sys.argv:
            raise
        print_error(fault.line)
        code = ExitCode.USER_ERROR if fault.users else ExitCode.FAILED
    leave(code or ExitCode.DONE)


def _require_utf8_names() -> None:
    """Starts this process anew if names of files are not UTF-8 to Python, as in the locale C or a Latin one.

    They are to TensorFlow, which would find no file whose name has other characters than ASCII's.
    """
    if sys.getfilesystemencoding() == "utf-8" or "utf8" in sys._xoptions:
        return
    # Child processes are told by the environment.
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _require_utf8(arguments: list[str]) -> None:
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            # TensorFlow cannot open such a file.
            raise UserError(f"{argument!r} is not UTF-8; rename the file or folder that is meant") from error


def _set_up_tensorflow() -> None:
    set_environment()
    # Google's packages warn at import that Python 3.10 has reached its end of life.
    warnings.filterwarnings("ignore", category=FutureWarning, module="google")
