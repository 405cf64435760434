"""A results.json as it was written: loaded, and walked pool by pool under the names people see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bupmeta.analysis.trace_outcomes import outcome_pools
from bupmeta.errors import DataError
from bupmeta.trials.csvfile import shown

__all__ = ["load_results", "of_this_version", "pool_name", "pools_of"]


def load_results(report: str | Path) -> dict[str, Any]:
    """Load the numbers of a report: a folder that `bupmeta run` wrote, or its results.json.

    Raises DataError, naming the file, when it cannot be read or is something else.
    """
    path = Path(report)
    path = path / "results.json" if path.is_dir() else path
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); run `bupmeta run` first") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is no results.json of bupmeta ({error})") from None
    if not isinstance(found, dict) or "sections" not in found:
        raise DataError(f"{path}: is no results.json of bupmeta: it has no sections")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"it holds {text}, which is no number of JSON")


@contextmanager
def of_this_version(report: str | Path) -> Iterator[None]:
    """Say in one sentence that what is read here lacks something, as results of another program or version do."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataError(
            f"{report}: is no results.json of this version of bupmeta ({type(error).__name__}: {shown(str(error))}); "
            "run `bupmeta run` again"
        ) from None


def pools_of(results: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every pool with its name: the total of each section, its subgroups, then those of people with an event."""
    for section in results["sections"]:
        for pool in [section["total"], *section["subgroups"]]:
            if pool is not None:
                yield pool_name(section, pool), pool
    for _, name, pool in outcome_pools(results):
        yield name, pool


def pool_name(section: Mapping[str, Any], pool: Mapping[str, Any]) -> str:
    """Name a pool by its section, its own title and its measure.

    >>> pool_name({"title": "fibromyalgia"}, {"title": "SNRI", "measure": "MD"})
    'fibromyalgia, SNRI (MD)'
    """
    same = pool["title"] == section["title"]
    return f"{section['title'] if same else section['title'] + ', ' + pool['title']} ({pool['measure']})"
