"""The chain behind responders and harms: their pools, the numbers readers see of them, and what is shown unpooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["outcome_numbers", "outcome_pools", "shown_rows"]

Found = Mapping[str, Any]


def outcome_pools(results: Found) -> Iterator[tuple[str, str, Found]]:
    """Give each pool, and each trial that is compared and never pooled, with the title of its outcome and its name."""
    for outcome in results.get("outcomes", ()):
        title = outcome["title"]
        for pool in filter(None, (*outcome["pools"], outcome["total"])):
            yield title, f"{title}, {pool['title']} ({pool['measure']})", pool
        for pool in outcome["never_pooled"]:
            yield title, f"{title}, {pool['title']}, never pooled ({pool['measure']})", pool
        for pool in outcome["outside_pain"]:
            yield title, f"{title}, {pool['title']}, not about pain, never pooled ({pool['measure']})", pool


def outcome_numbers(pool: Found) -> Iterator[tuple[str, Found]]:
    """Give what readers see beside the logarithm: the ratio, and whole people among 1,000."""
    if pool.get("ratio") is not None:
        yield " as a ratio", pool["ratio"]
    for row in pool.get("absolute", ()):
        found = {"mu": round(row["difference_per_1000"]), "ci": [*map(round, row["ci_per_1000"])]}
        yield (
            f" as a difference per 1,000, without treatment {row['without_per_1000']:.0f} ({row['source']})",
            found,
        )
        yield " as people per 1,000 with treatment", {"mu": round(row["with_per_1000"])}
    if (own := pool.get("people")) is not None:
        found = {"mu": round(own["difference_per_1000"]), "ci": [*map(round, own["ci_per_1000"])]}
        yield " as a difference per 1,000 in this trial", found
        yield " as people per 1,000 with the event, active group", {"mu": round(own["with_per_1000"])}
        yield " as people per 1,000 with the event, control group", {"mu": round(own["without_per_1000"])}


def shown_rows(results: Found) -> Iterator[tuple[str, Found]]:
    """Give reports of one group and rows without counts, with where they are shown."""
    for outcome in results.get("outcomes", ()):
        for one in outcome["one_group"]:
            yield f"{outcome['title']}: one group only, no comparison", one["trial"]
        for trial in outcome["narrative"]:
            yield f"{outcome['title']}: shown and never pooled", trial
