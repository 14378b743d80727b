"""What a published run leaves for later runs to compare with."""

from __future__ import annotations

from pathlib import Path

from mcrlib.run import Run


def keep_history(run: Run) -> None:
    """Keep the snapshot of a run in its history under ``<as-of>``, in the place of an earlier one of that date.

    Parameters
    ----------
    run : Run
        In its staging workspace, whole and published; its state names the history.
    """
    from mcrlib.read.snapshots import write_snapshot
    from mcrlib.show.publish.release import replace_folder

    day = run.date.isoformat()
    replace_folder(write_snapshot(run, run.data / "history" / day), Path(run.fact("history")) / day)
