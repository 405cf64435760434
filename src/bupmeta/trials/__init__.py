"""trials.csv: its columns, report forms, reading and checking."""

from __future__ import annotations

from bupmeta.trials.forms import FORMS, ReportForm
from bupmeta.trials.read import read_trials
from bupmeta.trials.records import Baseline, Result, Scale, Source, Trials
from bupmeta.trials.schema import COLUMNS, Column

__all__ = ["COLUMNS", "FORMS", "Baseline", "Column", "ReportForm", "Result", "Scale", "Source", "Trials"]
__all__ += ["read_trials"]
