"""A small valid file: one made-up row per report form, and ways to break it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bupmeta.trials.schema import COLUMN_NAMES, PRINTED_NUMBERS

_COMMON = {
    "row": "a2001_pain", "trial": "a2001", "study": "Trial A 2001", "year": "2001", "use": "main",
    "condition": "fibromyalgia", "drug": "bupropion", "drug_class": "NDRI", "comparator": "placebo",
    "comparator_type": "placebo", "design": "parallel", "n_randomized": "100", "outcome": "pain_intensity",
    "scale_min": "0", "scale_max": "10", "scale_basis": "printed", "higher_is": "worse", "value": "change",
    "source": "https://example.org/a", "extraction": "single",
}  # fmt: skip
_N = {"n_active": "50", "n_control": "50"}
_P = {"p_relation": "=", "p": "0.015", "p_about": "between"}
_SD = {"mean_active": "-2.0", "sd_active": "2.1", "mean_control": "-1.0", "sd_control": "2.0"}
_CI = {"mean_active": "-2.0", "ci_low_active": "-2.6", "ci_high_active": "-1.4", "mean_control": "-1.0",
       "ci_low_control": "-1.6", "ci_high_control": "-0.4", "ci_level": "95"}  # fmt: skip
_DIFFERENCE = {"difference": "-0.50", "difference_sign": "active - control"}
_CROSSOVER = {"design": "crossover", "n_paired": "40"}
_EVENTS = {"outcome": "responder_50", "value": "", "events_active": "20", "events_control": "10"}

EXAMPLES: dict[str, dict[str, str]] = {
    "arm_means_sd": _N | _SD,
    "arm_means_se": _N | {"mean_active": "-2.0", "se_active": "0.3", "mean_control": "-1.0", "se_control": "0.3"},
    "arm_means_ci": _N | _CI,
    "arm_means_p": _N | _P | {"mean_active": "-2.0", "mean_control": "-1.0"},
    "arm_means": {"mean_active": "-2.0", "mean_control": "-1.0"},
    "paired_means_sd": _CROSSOVER | _SD,
    "paired_means_ci": _CROSSOVER | _CI,
    "paired_means_p": _CROSSOVER | _P | {"mean_active": "-2.0", "mean_control": "-1.0"},
    "difference_ci": _N | _P | _DIFFERENCE
    | {"difference_ci_low": "-0.90", "difference_ci_high": "-0.10", "ci_level": "95"},
    "difference_se": _N | _DIFFERENCE | {"difference_se": "0.20"},
    "difference_p": _N | _P | _DIFFERENCE,
    "p_only": _P | {"favours": "active"},
    "not_significant": _N,
    "direction_only": {"favours": "active"},
    "within_group_only": _P | {"p_about": "within"},
    "one_arm_means": {"design": "single arm", "comparator_type": "none", "use": "never_pool", "mean_active": "-2.0"},
    "counts": _N | _EVENTS,
    "percentages": _N | {"outcome": "responder_50", "value": "", "percent_active": "40", "percent_control": "20"},
    "crossover_counts": _CROSSOVER | _EVENTS,
    "one_arm_counts": {"outcome": "ae_nausea", "value": "", "events_active": "3"},
    "total_counts": {"outcome": "attrition", "value": "", "as_printed": "14/54 lost"},
    "ratio": {"outcome": "responder_50", "value": "", "ratio_measure": "RR", "ratio": "2.4"},
    "nnt": {"outcome": "responder_50", "value": "", "ratio_measure": "NNT", "ratio": "4.5"},
    "text_only": {"outcome": "adverse_events", "value": "", "as_printed": "dry mouth, insomnia"},
    "not_obtained": {"value": ""},
}  # fmt: skip

Cells = Mapping[str, str]


def make_row(form: str = "difference_ci", **changes: str) -> dict[str, str]:
    """A valid row of a report form, with some cells changed; as_printed follows the numbers."""
    cells = dict.fromkeys(COLUMN_NAMES, "") | _COMMON | EXAMPLES[form] | {"report_form": form} | changes
    if not cells["as_printed"] and "as_printed" not in changes:
        numbers = [cells[name] for name in PRINTED_NUMBERS if cells[name]]
        cells["as_printed"] = "; ".join(numbers) or "not significant"
    return cells


def to_csv(rows: list[dict[str, str]], *, delimiter: str = ",", line_end: str = "\n") -> str:
    """The rows as a CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(name="row")
def _row() -> Callable[..., dict[str, str]]:
    return make_row


@pytest.fixture
def examples() -> list[dict[str, str]]:
    """One valid row per report form, each of its own trial."""
    return [
        make_row(form, row=f"t{i}x_{form}", trial=f"t{i}x", study=f"Trial {i}", dose=f"{i} mg")
        for i, form in enumerate(EXAMPLES)
    ]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows (or a text) to a file and return its path."""

    def write_file(content: list[dict[str, str]] | str | bytes, **settings: str) -> Path:
        path = tmp_path / "trials.csv"
        text = to_csv(content, **settings) if isinstance(content, list) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file
