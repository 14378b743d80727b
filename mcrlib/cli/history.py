"""What a published run leaves for later runs to compare with."""

from __future__ import annotations

from pathlib import Path

from mcrlib.run import Run


def keep_history(run: Run, home: Path) -> None:
    """Keep the snapshot of a run under ``home/history/<as-of>``, in the place of an earlier one of that date.

    Parameters
    ----------
    run : Run
        In its staging workspace, whole and published.
    home : Path
        ``data/<client>`` of the real workspace.
    """
    from mcrlib.read.snapshots import write_snapshot
    from mcrlib.show.publish.release import replace_folder

    day = run.date.isoformat()
    replace_folder(write_snapshot(run, run.data / "history" / day), home / "history" / day)
