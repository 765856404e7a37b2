"""`sentiment`: the command line. Registers the commands and turns our errors into exit codes.

A command's module imports only what describes its options; the rest it imports when it runs, so
that `--help` is quick and the serving environment can run what it has the libraries for.
"""

from __future__ import annotations

import errno
import logging
import sys
from typing import Annotated

import typer
from rich.console import Console

from sentiment import __version__
from sentiment.cli import (
    bench,
    bundle,
    compare,
    corpora,
    demo,
    download,
    drift,
    evaluate,
    export,
    feedback,
    openapi,
    predict,
    prepare,
    publish,
    purge,
    rehearse,
    release,
    replay,
    retrain,
    score,
    serve,
    soak,
    stream,
    synthetic,
    teach,
    train,
)
from sentiment.cli.exit_codes import INTERRUPTED, UNEXPECTED, exit_code_of
from sentiment.errors import OutOfSpaceError, SentimentError
from sentiment.settings import switch_off_telemetry

# What a path of the user's can be that nothing can be written to or read from.
_WRONG_PLACE = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST)
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="How people feel about a YouTube video, with numbers you can trust.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"youtube-sentiment {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """How people feel about a YouTube video, with numbers you can trust."""
    if verbose:
        logging.basicConfig(
            level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
        )


_PIPELINE, _MODEL, _SERVICE = "Pipeline", "Model", "Service"
for _name, _function, _panel in (
    ("corpora", corpora.command, _PIPELINE),
    ("download", download.command, _PIPELINE),
    ("synthetic", synthetic.command, _PIPELINE),
    ("prepare", prepare.command, _PIPELINE),
    ("train", train.command, _PIPELINE),
    ("teach", teach.command, _PIPELINE),
    ("feedback", feedback.command, _PIPELINE),
    ("retrain", retrain.command, _PIPELINE),
    ("export", export.command, _PIPELINE),
    ("evaluate", evaluate.command, _PIPELINE),
    ("compare", compare.command, _PIPELINE),
    ("publish", publish.command, _PIPELINE),
    ("predict", predict.command, _MODEL),
    ("score", score.command, _MODEL),
    ("bench", bench.command, _MODEL),
    ("soak", soak.command, _SERVICE),
    ("serve", serve.command, _SERVICE),
    ("demo", demo.command, _SERVICE),
    ("replay", replay.command, _SERVICE),
    ("purge", purge.command, _SERVICE),
    ("openapi", openapi.command, _SERVICE),
    ("rehearse", rehearse.command, _SERVICE),
):
    app.command(_name, rich_help_panel=_panel)(_function)
app.add_typer(bundle.app, name="bundle", rich_help_panel=_MODEL)
app.add_typer(drift.app, name="drift", rich_help_panel=_SERVICE)
app.add_typer(release.app, name="release", rich_help_panel=_SERVICE)
app.add_typer(stream.app, name="stream", rich_help_panel=_SERVICE)


def run() -> None:
    """Run the command line; the entry point of `sentiment`."""
    switch_off_telemetry()
    try:
        app(prog_name="sentiment")
    except SentimentError as error:
        _report(error)
        sys.exit(exit_code_of(error))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("sentiment"):
            raise
        _complain(
            f"This command needs the library {error.name!r}, which is not installed here.",
            "Run `make setup` and use .venv/bin/sentiment.",
        )
        sys.exit(UNEXPECTED)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            full = OutOfSpaceError("No space is left on the disk.", hint="Free some and try again.")
            _report(full)
            sys.exit(exit_code_of(full))
        if error.errno not in _WRONG_PLACE or error.filename is None:
            raise
        # A rename names what was written first; where it should go is the user's own word.
        place = error.filename if error.filename2 is None else error.filename2
        _complain(f"{place}: {error.strerror}.", "Name another place, or change its rights.")
        sys.exit(UNEXPECTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _report(error: SentimentError) -> None:
    message = str(error).removesuffix(error.hint).strip() if error.hint else str(error)
    _complain(message, error.hint)


def _complain(message: str, hint: str) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print("error:", style="bold red", end=" ")
    console.print(message, markup=False)
    if hint:
        console.print(hint, style="dim", markup=False)


if __name__ == "__main__":
    run()
