"""Which counts of people fit a rounded percentage."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["counts_that_fit", "decimals", "events_that_fit"]


def decimals(percent: float) -> int:
    """Decimals a percentage was printed with, as far as the number shows it.

    >>> decimals(43.0), decimals(31.7)
    (0, 1)
    """
    return len(f"{percent:.10g}".partition(".")[2])


def events_that_fit(percent: float, n: int, digits: int | None = None) -> tuple[int, ...]:
    """All numbers of events among `n` people that round to a percentage of `digits` decimals, either way at a half.

    >>> events_that_fit(43, 30), events_that_fit(43, 31), events_that_fit(1, 300)
    ((13,), (), (2, 3, 4))
    """
    half = 0.5 * 10.0 ** -(decimals(percent) if digits is None else digits)
    low, high = (percent - half) * n / 100, (percent + half) * n / 100
    slack = 1e-9 * max(1.0, high)
    candidates = range(max(0, int(low) - 1), min(n, int(high) + 1) + 1)
    return tuple(e for e in candidates if low - slack <= e <= high + slack)


def counts_that_fit(
    percent: float, sizes: Iterable[int], digits: int | None = None
) -> tuple[tuple[int, int], ...]:
    """All (events, n) over the possible sizes of an arm that round to a percentage.

    >>> counts_that_fit(43, range(28, 33))  # Farajirad 2013: 43 % with side effects, 60 people in two arms
    ((12, 28), (13, 30))
    """
    return tuple((e, n) for n in sizes for e in events_that_fit(percent, n, digits))
