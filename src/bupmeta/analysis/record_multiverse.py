"""A multiverse as results.json holds it."""

from __future__ import annotations

from typing import Any

from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["multiverse_record"]


def multiverse_record(found: Multiverse) -> dict[str, Any]:
    """Give the axes, how far each moves the estimate (a ratio: its logarithm), and the levels as they are shown."""
    return {
        "measure": found.measure,
        "cells": len(found),
        "axes": found.axes,
        "idle": found.idle,
        "refused": found.refused,
        "share_below_0": found.share_below,
        "share_interval_below_0": found.share_clear,
        "share_interval_above_0": found.share_above,
        "moves": found.moves(),
        "levels": found.table().to_dict()["rows"],
    }
