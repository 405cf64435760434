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
    from bupmeta.report import Report

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def analysed() -> Callable[[str], Analysis]:
    """Give one of the project's own analyses by its name; each is frozen, and computed once in a run."""
    from bupmeta.analysis import analyse

    folder = Path(__file__).parents[1] / "analyses"
    return cache(lambda name: analyse(folder / f"{name}.toml"))


@pytest.fixture(scope="session")
def written(
    analysed: Callable[[str], Analysis], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Report]:
    """Give the report of one of the project's own analyses, written once in a run; a test that changes it copies it."""
    from bupmeta.report import write_report

    folder = tmp_path_factory.mktemp("reports")
    return cache(lambda name: write_report(analysed(name), folder / name))
