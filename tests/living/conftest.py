"""Two small data files: the fibromyalgia trials as they are, and as an update would have them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bupmeta.living import Diff, diff

ROOT = Path(__file__).parents[2]
Row = dict[str, str]

#: Arm means, an interval, p alone, a direction alone.
CHOSEN = {
    "carette1986_haeuser_t1", "wolfe1994_haeuser_t10", "norregaard1995_haeuser_t19", "ginsberg1996_haeuser_t4",
    "vitton2004_haeuser_t24", "chappell2008_pain", "arnold2010d_pain", "miki2016_pain",
}  # fmt: skip
SPEC = """
title = "Fibromyalgia"
data = "old.csv"
measures = ["MD"]
[question]
population = "adults with fibromyalgia"
intervention = "antidepressants"
comparator = "placebo"
outcome = "pain intensity"
[select]
condition = "fibromyalgia"
outcome = "pain_intensity"
comparator_type = ["placebo", "active placebo"]
"""


Writer = Callable[..., Path]


def writer(folder: Path) -> Writer:
    """A function that writes rows to a CSV file in `folder`, in the dialect asked for."""

    def to(name: str, rows: Sequence[Row], header: Sequence[str] = (), **dialect: str) -> Path:
        encoding = dialect.pop("encoding", "utf-8")
        path = folder / name
        with path.open("w", encoding=encoding, newline="") as file:
            out = csv.DictWriter(file, header or list(rows[0]), extrasaction="ignore", **dialect)  # type: ignore[arg-type]  # csv's own options
            out.writeheader()
            out.writerows(rows)
        return path

    return to


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write rows to a file of this test alone."""
    return writer(tmp_path)


@pytest.fixture(scope="session")
def every() -> list[Row]:
    """All rows of the data file, as texts."""
    with (ROOT / "data" / "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def rows(every: list[Row]) -> list[Row]:
    """Eight rows about pain in fibromyalgia."""
    return [row for row in every if row["row"] in CHOSEN]


@pytest.fixture(scope="session")
def unseen(every: list[Row]) -> Row:
    """A trial whose results were not obtained."""
    return next(row for row in every if row["row"] == "branco2010_known")


@pytest.fixture(scope="session")
def updated(rows: list[Row]) -> list[Row]:
    """The rows after an update: a trial went, a mean was corrected, and a trial without numbers got another size."""
    kept = [dict(row) for row in rows if row["row"] != "vitton2004_haeuser_t24"]
    for row in kept:
        if row["row"] == "carette1986_haeuser_t1":
            row["mean_active"], row["note"] = "4.10", row["note"] + " Corrected: 4.10."
        if row["row"] == "chappell2008_pain":
            row["n_active"], row["note"] = "100", row["note"] + " Corrected: 100."
    return kept


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files stand that tests only read."""
    return tmp_path_factory.mktemp("living")


@pytest.fixture(scope="session")
def files(rows: list[Row], updated: list[Row], folder: Path) -> tuple[Path, Path]:
    """The data before and after the update."""
    return writer(folder)("old.csv", rows), writer(folder)("new.csv", updated)


@pytest.fixture(scope="session")
def spec(folder: Path) -> Path:
    """A specification of these rows."""
    path = folder / "fibromyalgia.toml"
    path.write_text(SPEC, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def found(files: tuple[Path, Path], spec: Path) -> Diff:
    """What the update changed."""
    return diff(*files, spec=spec)
