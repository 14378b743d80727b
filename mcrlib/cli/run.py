"""`mcr run`: execute the notebooks and publish the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mcrlib.cli import options
from mcrlib.errors import NotebookFailed, UsageError
from mcrlib.notebooks import Notebook, find_notebooks, pick_notebook, with_what_they_need
from mcrlib.run import Run
from mcrlib.settings import Language, read_settings

Files = Annotated[list[Path] | None, typer.Option("--notebook", help="Run only this notebook (repeatable).")]
Only = Annotated[str | None, typer.Option("--only", help="Chapters NN,NN and what they need.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Notebooks at the same time.")]
Timeout = Annotated[int | None, typer.Option("--timeout", min=1, help="Seconds a cell may take.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="Language of the pages.")]
Pdf = Annotated[bool, typer.Option("--pdf", help="Print report.pdf too; needs Chromium.")]


@dataclass(frozen=True)
class _Asked:
    """What the command was told."""

    client: str
    workspace: Path
    source: Path | None
    settings_file: Path
    key_file: Path | None
    notebooks: dict[str, Notebook]
    parameters: dict[str, Any]
    choice: dict[str, Any]
    pdf: bool


def run(  # noqa: PLR0913 - the options of DESIGN §4
    client: options.Client = None,
    client_option: options.ClientOption = None,
    workspace: options.Workspace = Path(),
    source: options.Input = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    parameter: options.Parameters = None,
    notebook: Files = None,
    only: Only = None,
    jobs: Jobs = 2,
    timeout: Timeout = None,
    language: Spoken = None,
    pseudonymise: options.Pseudonymise = False,
    key_file: options.KeyFile = None,
    pdf: Pdf = False,
    as_json: options.Json = False,
) -> None:
    """Execute the notebooks and publish reports/CLIENT/latest/."""
    name = options.which_client(client, client_option)
    wanted = options.which_parameters(parameter)
    date = options.which_date(as_of or wanted.get("as_of"))
    settings_file = options.which_config(config, workspace, name)
    spoken = options.which_language(language, wanted.get("language"), read_settings(settings_file).language)
    key = options.which_key(pseudonymise, key_file, workspace)
    chosen = _chosen(workspace / "data" / name, notebook, only)
    given = {"client": name, "as_of": date and date.isoformat(), "language": spoken}
    asked = _Asked(
        client=name,
        workspace=workspace,
        source=source,
        settings_file=settings_file,
        key_file=key,
        notebooks=chosen,
        parameters=wanted | given,
        choice={"only": only, "notebook": [path.stem for path in notebook or []]},
        pdf=pdf,
    )
    folder = _perform(asked, jobs, timeout)
    _tell_the_end(folder, workspace / "reports" / name, as_json)


def _chosen(home: Path, files: list[Path] | None, only: str | None) -> dict[str, Notebook]:
    """The notebooks to run."""
    if files and only:
        raise UsageError("--notebook and --only exclude each other")
    for path in files or []:
        if not path.is_file():
            raise UsageError(f"--notebook {path}: there is no such file")
    if files:
        return {path.stem: Notebook(path) for path in files}
    every = find_notebooks(home / "notebooks")
    if only is None:
        return every
    return with_what_they_need(every, [pick_notebook(every, one.strip()) for one in only.split(",")])


def _perform(asked: _Asked, jobs: int, timeout: int | None) -> Path:
    """Execute the notebooks aside and publish what they made."""
    from mcrlib.cli import stage
    from mcrlib.show.publish.chromium import find_chromium
    from mcrlib.show.publish.parameters import fit_parameters
    from mcrlib.show.publish.release import hold

    fit_parameters(asked.notebooks, asked.parameters | {"workspace": ""})
    if asked.pdf:
        find_chromium()
    exports = options.which_exports(asked.workspace / "data" / asked.client, asked.source)
    with hold(asked.workspace, asked.client) as staging:
        if asked.choice["notebook"]:
            stage.carry_over(asked.workspace, staging, asked.client, asked.key_file)
        stage.prepare(
            staging,
            asked.client,
            input=exports,
            config=stage.staged_settings(asked.settings_file, staging, asked.key_file),
            as_of=asked.parameters["as_of"],
            language=asked.parameters["language"],
            key_file=asked.key_file,
            key_mark=stage.key_mark(asked.key_file),
            history=stage.history_of(asked.workspace / "data" / asked.client, asked.key_file),
        )
        chapters = _execute(asked, staging, jobs, timeout)
        return _publish(asked, Run.open(asked.client, workspace=staging), chapters)


def _execute(asked: _Asked, staging: Path, jobs: int, timeout: int | None) -> list[Any]:
    from mcrlib.show.publish.execute import execute

    log = asked.workspace / "data" / asked.client / "run.log"
    log.unlink(missing_ok=True)
    parameters = asked.parameters | {"workspace": str(staging.absolute())}
    with _progress(len(asked.notebooks)) as tell:
        try:
            return execute(
                asked.notebooks, parameters, staging / "executed", log=log, jobs=jobs, timeout=timeout, tell=tell
            )
        except NotebookFailed as error:
            raise NotebookFailed(f"{error}; the traceback is in {log}") from error


def _publish(asked: _Asked, run: Run, chapters: list[Any]) -> Path:
    from mcrlib.cli import report, stage
    from mcrlib.cli.history import keep_history
    from mcrlib.show import words
    from mcrlib.show.publish.release import draft, publish, replace_folder, write_manifest
    from mcrlib.show.publish.render import render
    from mcrlib.show.publish.whole import print_report
    from mcrlib.show.publish.workspace_index import write_index

    home = asked.workspace / "reports" / asked.client
    given = asked.parameters | asked.choice | {"pseudonymise": asked.key_file is not None, "pdf": asked.pdf}
    name = report.name_of(run, asked.notebooks, given)
    with draft(home) as folder:
        facts = report.facts_of(run, name, partial=any(asked.choice.values()), pdf=asked.pdf)
        t = partial(words.translate_markdown, language=run.language)
        render(chapters, facts, folder, tables=run.work / "tables", t=t)
        if asked.pdf:
            print_report(chapters, facts, folder / "report.pdf", aside=run.workspace, as_of=str(run.date), t=t)
        write_manifest(folder, report.manifest_of(run, chapters, given))
        published = publish(folder, home, name, keep=run.settings.keep)
    write_index(home.parent, run.language)
    if not any(asked.choice.values()):
        keep_history(run)
    stage.finish(run, asked.settings_file)
    for part in ("clean", "work"):
        replace_folder(run.data / part, asked.workspace / "data" / run.client / part)
    return published


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show which chapters run and how many are done, on a terminal only."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed}/{task.total} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        running: list[str] = []

        def tell(name: str, chapter: Any) -> None:
            running.append(name) if chapter is None else running.remove(name)
            progress.update(task, description=", ".join(running), advance=0 if chapter is None else 1)

        yield tell


def _tell_the_end(folder: Path, home: Path, as_json: bool) -> None:
    if as_json:
        manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        facts = {key: manifest[key] for key in ("client", "as_of", "version", "tables", "chapters")}
        report = {
            "run_id": folder.name,
            "report": str(home / "latest" / "index.html"),
            "warnings": len(manifest["warnings"]),
        }
        typer.echo(json.dumps(facts | report, ensure_ascii=False))
    else:
        typer.echo(str(home / "latest" / "index.html"))
