"""Calibration: how often the intervals of each method hold the truth when trials are few, and how wide they are."""

from __future__ import annotations

from bupmeta.calibration.few import few
from bupmeta.calibration.methods import METHODS, MethodName
from bupmeta.calibration.result import Calibration, CalibrationRow
from bupmeta.calibration.settings import Precisions, Setting

__all__ = ["METHODS", "Calibration", "CalibrationRow", "MethodName", "Precisions", "Setting", "few"]
