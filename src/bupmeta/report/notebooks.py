"""The notebooks beside a specification: run from scratch, and held against the report's numbers."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bupmeta.errors import LibraryError
from bupmeta.report.compare import number_differences
from bupmeta.report.verify import Finding

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["check_notebooks", "execute"]

_TIMEOUT = 600  # seconds for one cell


def check_notebooks(
    paths: Iterable[Path],
    headlines: Mapping[str, Mapping[str, Any]],
    progress: Callable[[str], None] | None = None,
) -> tuple[Finding, ...]:
    """Execute each notebook; the cell tagged `headline` of one whose name is in `headlines` must print those numbers.

    Raises LibraryError when what runs notebooks is not installed.
    """
    found = []
    for path in paths:
        if progress is not None:
            progress(f"notebook {path.name}")
        found.append(_check(path, headlines.get(path.stem)))
    return tuple(found)


def _check(path: Path, headline: Mapping[str, Any] | None) -> Finding:
    what = f"notebook {path}"
    notebook, fault = execute(path)
    if fault:
        return Finding(what, "DIFFERS", fault)
    tagged = [cell for cell in notebook.cells if "headline" in cell.metadata.get("tags", [])]
    if headline is None or not tagged:
        return Finding(what)
    printed = "".join(out["text"] for out in tagged[0].outputs if out["output_type"] == "stream")
    try:
        difference = next(number_differences(json.loads(printed), headline, "headline"), "")
    except ValueError:
        difference = "the cell tagged headline prints no JSON"
    return Finding(what, "DIFFERS" if difference else "agrees", difference)


def execute(path: Path) -> tuple[NotebookNode, str]:
    """Run a notebook in a folder of links to its own and its neighbours, so that new files stay out of the project.

    Returns the notebook with its outputs, and what stopped it, if anything did.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
        from traitlets.config import Config
    except ImportError:
        raise LibraryError("notebooks need nbclient: pip install 'bupmeta[notebooks]'") from None
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call] # it has no annotations
    # No network sockets where the system has others: nothing to warn about, nothing to collide with.
    transport = Config({"KernelManager": {"transport": "ipc"}}) if os.name == "posix" else None
    with tempfile.TemporaryDirectory() as name:
        folder = _linked(path.resolve().parent, Path(name))
        with chdir(folder):
            try:
                NotebookClient(notebook, timeout=_TIMEOUT, config=transport).execute()
            except CellExecutionError as error:
                return notebook, f"cell {_stopped(notebook)} ends with {error.ename}: {error.evalue}"
    return notebook, ""


def _stopped(notebook: NotebookNode) -> int:
    outputs = enumerate((cell.get("outputs", []) for cell in notebook.cells), 1)
    return next((i for i, found in outputs if any(o["output_type"] == "error" for o in found)), 0)


def _linked(folder: Path, into: Path) -> Path:
    """Make a copy of `folder` and what stands beside it out of links."""
    for neighbour in folder.parent.iterdir():
        if neighbour != folder:
            (into / neighbour.name).symlink_to(neighbour)
    copy = into / folder.name
    copy.mkdir()
    for item in folder.iterdir():
        (copy / item.name).symlink_to(item)
    return copy
