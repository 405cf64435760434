"""The data file, and rows written in a test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import bupmeta as bm

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def trials():
    """All rows of data/trials.csv."""
    return bm.read_trials(ROOT / "data" / "trials.csv")


@pytest.fixture(scope="session")
def row(trials):
    """A function that gives a row with another report form, and other fields where they are named."""

    def change(form, like="katz2005_pain", **fields):
        return replace(trials[like], form=form, **fields)

    return change
