"""The grid of settings with few trials, every method in each."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np

from bupmeta.calibration.methods import METHODS, MethodName
from bupmeta.calibration.result import Calibration, CalibrationRow
from bupmeta.calibration.settings import Precisions, Setting
from bupmeta.cells import Checkpoint, Progress, run_cells
from bupmeta.errors import DataError

__all__ = ["few"]


def few(
    k: Sequence[int] = (2, 3, 4, 5, 10),
    tau: Sequence[float] = (0.0, 0.1, 0.3, 0.6),
    precisions: Sequence[Precisions] = get_args(Precisions),
    methods: Sequence[MethodName] = get_args(MethodName),
    *,
    replications: int = 1000,
    seed: int = 1,
    executor: Executor | None = None,
    checkpoint: str | Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Draw data sets of `k` trials about mu = 0 with spread `tau`, and see which 95 % intervals hold mu.

    The draws of a setting depend on it and on `seed` only, so that any part of the grid can be run by itself; all
    `methods` see the same ones. With an `executor` of `concurrent.futures` the settings run side by side, to the same
    result. Settings that are done are kept in the file `checkpoint`, from which a stopped run goes on. `progress` is
    called with how many of how many settings are done. Questions and kinds of settings are those of IntHout et al.
    2014, Röver et al. 2015, Friede et al. 2017 and Langan et al. 2019; tests/reference/few_trials.json says what they
    print. Raises DataError for settings that cannot be simulated, and for a checkpoint of other ones.

    >>> found = few(k=[3], tau=[0.0], precisions=["equal"], methods=["common effect", "HK"], replications=400)
    >>> [f"{row.method} {row.coverage:.0f}" for row in found.rows]
    ['common effect 94', 'HK 94']
    """
    if min(k, default=0) < 2 or not tau or not np.isfinite(tau).all() or min(tau) < 0 or replications < 2:
        raise DataError(
            "a calibration needs two trials or more, tau of 0 or more, and 2 replications or more"
        )
    for given, known in ((precisions, get_args(Precisions)), (methods, get_args(MethodName))):
        if not given or not set(given) <= set(known):
            raise DataError(
                f"choose from {', '.join(known)}, not {', '.join(map(str, given)) or 'none of them'}"
            )
    grid = [Setting(int(size), float(t), kind) for size, kind, t in product(k, precisions, tau)]
    what = {"simulation": "few", "replications": replications, "seed": seed, "methods": list(methods)}
    rows = run_cells(
        {setting.name: partial(_rows, setting, tuple(methods), replications, seed) for setting in grid},
        CalibrationRow,
        executor=executor,
        checkpoint=None if checkpoint is None else Checkpoint(checkpoint, what),
        progress=progress,
    )
    return Calibration(tuple(rows), replications, seed)


def _rows(setting: Setting, methods: Sequence[MethodName], n: int, seed: int) -> list[CalibrationRow]:
    y, v = setting.draw(n, seed), setting.v
    return [CalibrationRow.of(setting, name, METHODS[name](y, v)) for name in methods]
