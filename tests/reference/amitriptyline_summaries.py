"""Summaries of the individual ratings of Dinat 2015, as a report would print them, and what the individuals give.

usage: python amitriptyline_summaries.py xoverPP.csv xoverBOCF.csv > amitriptyline_summaries.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

SOURCE = (
    "Dinat N, Marinda E, Moch S, Rice ASC, Kamerman PR. Randomized, Double-Blind, Crossover Trial of Amitriptyline "
    "for Analgesia in Painful HIV-Associated Sensory Neuropathy. PLoS One 2015;10:e0126297. Data: CC-BY, "
    "github.com/kamermanpr/Amitriptyline.HIVSN, commit a92dca2. Pain 0-10; PA: placebo first, AP: amitriptyline first; "
    "endpoint: last rating (week 6); decrease: first rating of the period minus the last"
)


def summary(active: np.ndarray, control: np.ndarray) -> dict[str, float]:
    """What a report prints of two ratings per person, and their correlation."""
    difference = active - control
    return {
        "n": len(active),
        "mean_active": active.mean(),
        "sd_active": active.std(ddof=1),
        "mean_control": control.mean(),
        "sd_control": control.std(ddof=1),
        "mean_difference": difference.mean(),
        "sd_difference": difference.std(ddof=1),
        "r": np.corrcoef(active, control)[0, 1],
    }


def individual(active: np.ndarray, control: np.ndarray, active_first: np.ndarray) -> dict[str, float]:
    """Least squares of period 1 minus period 2 on treatment order: a + b * (+1 active first, -1 control first)."""
    order = np.where(active_first, 1.0, -1.0)
    y = order * (active - control)
    x = np.column_stack([np.ones_like(order), order])
    (a, b), (ss,), *_ = np.linalg.lstsq(x, y)
    covariance = ss / (len(y) - 2) * np.linalg.inv(x.T @ x)
    return {"treatment": b, "se": covariance[1, 1] ** 0.5, "period": -a, "df": len(y) - 2}


def summaries(path: Path) -> dict[str, object]:
    """Both scores of one analysis set, all persons and by sequence."""
    rows = pd.read_csv(path).pivot(index=["ID", "Order"], columns="Treatment", values=["Time1", "Time3"])
    first = rows.index.get_level_values("Order") == "AP"
    last_a, last_p = (rows["Time3"][t].to_numpy(float) for t in "AP")
    begin_a, begin_p = (rows["Time1"][t].to_numpy(float) for t in "AP")
    found: dict[str, object] = {}
    for name, (a, c) in {
        "endpoint": (last_a, last_p),
        "decrease": (begin_a - last_a, begin_p - last_p),
    }.items():
        found[name] = {
            "all": summary(a, c),
            "AP": summary(a[first], c[first]),
            "PA": summary(a[~first], c[~first]),
            "individual": individual(a, c, first),
        }
    return found


if __name__ == "__main__":
    sets = {Path(name).stem: summaries(Path(name)) for name in sys.argv[1:]}
    print(json.dumps({"source": SOURCE, **sets}, indent=1))
