"""The command `mcr`: parses, composes, sets the exit code."""

from __future__ import annotations

import errno
import re
import sys
import tempfile
import traceback
from typing import Any

import typer
from typer.exceptions import TyperException

from mcrlib import __version__
from mcrlib.cli import adapt, backtest, check, demo, list_clients, new, publish, purge, run
from mcrlib.errors import EnvironmentFailed, McrError, NotebookFailed, UsageError, nearest, one_line

app = typer.Typer(name="mcr", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("demo")(demo.demo)
app.command("new")(new.new)
app.command("check")(check.check)
app.command("run")(run.run)
app.command("backtest")(backtest.backtest)
app.command("adapt")(adapt.adapt)
app.command("publish")(publish.publish)
app.command("list")(list_clients.list_clients)
app.command("purge")(purge.purge)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mcr {__version__}")
        raise typer.Exit


@app.callback()
def _mcr(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """From CRM exports to an answer: which customers feed us, which do we mine, where should the next hour go."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code; a failure is one line on stderr."""
    try:
        code = app(args=arguments, prog_name="mcr", standalone_mode=False)
    except TyperException as error:
        code = _fail(UsageError(_in_words(error)))
    except typer.Abort:
        typer.echo("mcr: stopped; a report that was published before is as it was", err=True)
        code = 130
    except McrError as error:
        code = _fail(error)
    except OSError as error:
        code = _fail(_environment(error))
    except MemoryError:
        code = _fail(EnvironmentFailed("the machine ran out of memory: free some, or use a machine with more"))
    except Exception as error:
        code = _fail(_fault(error))
    sys.exit(code or 0)


def _fail(error: McrError) -> int:
    typer.echo(f"mcr: {error}", err=True)
    return error.exit_code


def _environment(error: OSError) -> McrError:
    what = {
        errno.ENOSPC: "the disk is full: make room and run again",
        errno.EDQUOT: "the disk quota is used up: make room and run again",
        errno.EACCES: "no right to use this file or folder: change its rights",
        errno.EPERM: "no right to use this file or folder: change its rights",
        errno.EROFS: "the file system is read-only: choose another --workspace",
    }.get(error.errno or 0, error.strerror or type(error).__name__)
    return EnvironmentFailed(f"{error.filename}: {what}" if error.filename else what)


def _fault(error: Exception) -> McrError:
    with tempfile.NamedTemporaryFile("w", prefix="mcr-fault-", suffix=".log", delete=False) as log:
        log.writelines(traceback.format_exception(error))
    return NotebookFailed(f"a fault of the kit: {type(error).__name__}: {error}; the traceback is in {log.name}")


#: What the parser of the command line says, and how a person would say it.
_SAID = (
    (r"Invalid value for '([^']+)': .*valid integer.*", r"\1 must be a whole number"),
    (r"Invalid value for '([^']+)': .*valid number.*", r"\1 must be a number"),
    (r"Invalid value for '([^']+)': .*greater than or equal to (\d+).*", r"\1 must be \2 or more"),
    (r"Invalid value for '([^']+)': (?:Value error, )?(.+)", r"\1: \2"),
    (r"Missing option '([^']+)'.*", r"\1 is missing"),
    (r"Got unexpected extra argument\(?s?\)? \((.+)\)", r"'\1' is more than the command takes: it names one client"),
    (r"No such command '([^']+)'(?:\. Did you mean '([^']+)'\?)?.*", r"there is no command '\1'"),
)


def _in_words(error: Any) -> str:
    option = getattr(error, "option_name", None)
    said = re.sub(r"\.$", "", one_line(error.format_message()))
    if option:
        known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
        if "argument" in said or "value" in said:
            return f"{option} {'needs a' if 'requires' in said else 'takes no'} value; see mcr --help"
        return f"there is no option {option}{nearest(option, known)}; see mcr --help"
    for pattern, words in _SAID:
        if found := re.fullmatch(pattern, said):
            meant = re.search(r"Did you mean ('[^']+')", said)
            return f"{found.expand(words)}{f' (did you mean {meant[1]}?)' if meant else ''}; see mcr --help"
    return f"{said or 'name a command'}; see mcr --help"
