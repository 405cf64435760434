"""Reference data sets and comparison for the tests of pooling."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import bupmeta as bm

FOLDER = Path(__file__).parents[1] / "reference"


@cache
def _load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def load() -> Callable[[str], dict[str, Any]]:
    """The content of one reference file."""
    return _load


@pytest.fixture
def effects_of() -> Callable[[str], bm.Effects]:
    """The effects of one reference file; a study whose effect the program could not compute is left out."""

    def effects(name: str) -> bm.Effects:
        data = _load(name)
        pairs = [(y, v) for y, v in zip(data["yi"], data["vi"]) if y is not None and v is not None]
        return bm.Effects.from_arrays([y for y, _ in pairs], [v for _, v in pairs])

    return effects


@pytest.fixture
def close() -> Callable[..., bool]:
    """Whether two numbers agree as STATISTICS.md asks of the reference: relative 1e-6 or absolute 1e-8."""

    def agree(got: float | None, expected: float, relative: float = 1e-6, absolute: float = 1e-8) -> bool:
        return got is not None and abs(got - expected) <= max(relative * abs(expected), absolute)

    return agree
