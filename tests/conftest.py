"""What holds for every test: generated data are the same in every run, no example is timed, analyses run once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from bupmeta.analysis import Analysis

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def analysed() -> Callable[[str], Analysis]:
    """Give one of the project's own analyses by its name; each is frozen, and computed once in a run."""
    from bupmeta.analysis import analyse

    folder = Path(__file__).parents[1] / "analyses"
    return cache(lambda name: analyse(folder / f"{name}.toml"))
