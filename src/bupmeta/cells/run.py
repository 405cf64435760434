"""Run the cells of a simulation; what comes out depends on the cells alone, not on where and when they ran."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

from bupmeta.cells.checkpoint import Checkpoint
from bupmeta.errors import DataError

__all__ = ["Progress", "run_cells", "workers"]

R = TypeVar("R")
#: Called after each cell with how many of how many are done.
Progress = Callable[[int, int], object]
#: Libraries that would start threads of their own in each process.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_cells(
    tasks: Mapping[str, Callable[[], Sequence[R]]],
    row: type[R],
    *,
    executor: Executor | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> list[R]:
    """Return the rows of all `tasks`, in their order; each is a cell by its name, `row` the dataclass of its rows.

    With an `executor` of `concurrent.futures` (tasks must then be picklable) cells run side by side. Cells that
    `checkpoint` holds are not run again, and each finished one is added to it at once.
    """
    done: dict[str, list[R]] = {}
    if checkpoint is not None:
        try:
            done = {name: [row(**r) for r in rows] for name, rows in checkpoint.done.items() if name in tasks}
        except TypeError:
            raise DataError(f"{checkpoint.path}: its cells have other columns; give another file") from None
    if progress is not None and done:
        progress(len(done), len(tasks))
    left = {name: task for name, task in tasks.items() if name not in done}
    for name, rows in _finished(left, executor):
        done[name] = list(rows)
        if checkpoint is not None:
            checkpoint.add(name, [asdict(r) for r in rows])  # type: ignore[call-overload]  # dataclasses, as `row`
        if progress is not None:
            progress(len(done), len(tasks))
    return [r for name in tasks for r in done[name]]


def _finished(
    tasks: Mapping[str, Callable[[], Sequence[R]]], executor: Executor | None
) -> Iterator[tuple[str, Sequence[R]]]:
    if executor is None:
        yield from ((name, task()) for name, task in tasks.items())
        return
    futures: dict[Any, str] = {executor.submit(task): name for name, task in tasks.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


@contextmanager
def workers(jobs: int) -> Iterator[Executor | None]:
    """Give `jobs` processes to run cells in, or None for one job: then this process is enough.

    The processes take one thread each. The memory of this process is not copied into them.
    """
    if jobs == 1:
        yield None
        return
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context(method)) as pool:
            yield pool
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
