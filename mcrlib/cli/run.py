"""`mcr run`: execute the notebooks and publish the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mcrlib.cli import options
from mcrlib.cli.stage import carry_over, exports_of, prepare
from mcrlib.errors import NotebookFailed, UsageError
from mcrlib.notebooks import Notebook, find_notebooks, pick_notebook, with_what_they_need
from mcrlib.run import Run
from mcrlib.settings import Language, read_settings

Files = Annotated[list[Path] | None, typer.Option("--notebook", help="Run only this notebook (repeatable).")]
Only = Annotated[str | None, typer.Option("--only", help="Chapters NN,NN and what they need.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Notebooks at the same time.")]
Timeout = Annotated[int | None, typer.Option("--timeout", min=1, help="Seconds a cell may take.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="Language of the pages.")]


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
    as_json: options.Json = False,
) -> None:
    """Execute the notebooks and publish reports/CLIENT/latest/."""
    from mcrlib.show.publish.execute import Chapter, execute
    from mcrlib.show.publish.parameters import fit_parameters
    from mcrlib.show.publish.release import hold

    name = options.which_client(client, client_option)
    home = workspace / "data" / name
    date = options.which_date(as_of)
    settings_file = options.which_config(config, workspace, name)
    spoken = language or read_settings(settings_file).language
    chosen, partial = _chosen(home, notebook, only)
    given: dict[str, Any] = {"client": name, "as_of": as_of, "language": spoken} | options.which_parameters(parameter)
    fit_parameters(chosen, given | {"workspace": ""})
    exports = exports_of(home, source)
    with hold(workspace, name) as staging:
        if notebook:
            carry_over(home, staging, name)
        prepare(staging, name, input=exports, config=settings_file, as_of=date, language=spoken)
        log = home / "run.log"
        log.unlink(missing_ok=True)
        with _progress(len(chosen)) as tell:
            try:
                chapters: list[Chapter] = execute(
                    chosen, given | {"workspace": str(staging.absolute())}, staging / "executed",
                    log=log, jobs=jobs, timeout=timeout, tell=tell,
                )  # fmt: skip
            except NotebookFailed as error:
                raise NotebookFailed(f"{error}; the traceback is in {log}") from error
        given |= {"only": only, "notebook": [path.stem for path in notebook or []]}
        folder = _publish(Run.open(name, workspace=staging), workspace, chapters, chosen, given, partial)
    _tell_the_end(folder, workspace / "reports" / name, as_json)


def _chosen(home: Path, files: list[Path] | None, only: str | None) -> tuple[dict[str, Notebook], bool]:
    """The notebooks to run, and whether they are only a part."""
    if files and only:
        raise UsageError("--notebook and --only exclude each other")
    for path in files or []:
        if not path.is_file():
            raise UsageError(f"--notebook {path}: there is no such file")
    if files:
        return {path.stem: Notebook(path) for path in files}, True
    every = find_notebooks(home / "notebooks")
    if only is None:
        return every, False
    return with_what_they_need(every, [pick_notebook(every, one.strip()) for one in only.split(",")]), True


def _publish(
    run: Run, workspace: Path, chapters: list[Any], chosen: dict[str, Notebook], given: dict[str, Any], partial: bool
) -> Path:
    from mcrlib.cli.report import facts_of, manifest_of, name_of
    from mcrlib.show import words
    from mcrlib.show.publish.release import draft, publish, replace_folder, write_manifest
    from mcrlib.show.publish.render import render

    home = workspace / "reports" / run.client
    name = name_of(run, chosen, given)
    with draft(home) as folder:
        render(
            chapters, facts_of(run, name, partial=partial), folder,
            tables=run.work / "tables", t=lambda text: words.translate_markdown(text, run.language),
        )  # fmt: skip
        write_manifest(folder, manifest_of(run, chapters, given))
        published = publish(folder, home, name, keep=run.settings.keep)
    for part in ("clean", "work"):
        replace_folder(run.data / part, workspace / "data" / run.client / part)
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
