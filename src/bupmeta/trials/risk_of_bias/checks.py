"""Checks of risk_of_bias.csv: against its tool, against itself, and against the trials beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bupmeta.errors import closest
from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, Finding, all_rows, each_row
from bupmeta.trials.risk_of_bias.words import OVERALL, TOOLS, Tool

__all__ = ["checks"]


def checks(designs: Mapping[str, str]) -> dict[str, Check]:
    """Return the checks of a file whose trials are those of `designs`, each with its design ("" when not known)."""

    def unknown(row: Row) -> Iterator[tuple[str, str, str]]:
        """A trial that the file of trials does not have."""
        trial = row.word("trial")
        if trial and trial not in designs:
            guess = closest(trial, designs)
            yield (
                "trial",
                "no trial of trials.csv",
                f"did you mean `{guess}`?" if guess else "a name of its column `trial`",
            )

    def variant(row: Row) -> Iterator[tuple[str, str, str]]:
        """A crossover trial judged by the tool for parallel groups, or the other way round."""
        crossover = designs.get(row.word("trial"), "").startswith("crossover")
        match row.word("tool"):
            case "RoB 2" if crossover:
                yield "tool", "the trial is a crossover", "RoB 2 crossover, which has the domain S"
            case "RoB 2 crossover" if not crossover and designs.get(row.word("trial")):
                yield "tool", "the trial is no crossover", "RoB 2"

    return {
        "unknown-trial": each_row(unknown),
        "tool-for-design": each_row(variant, "warning"),
        "domain-of-tool": each_row(_domain),
        "judgement-of-tool": each_row(_judgement),
        "duplicate-judgement": all_rows(_twice),
        "two-tools": all_rows(_tools),
        "overall-too-good": all_rows(_overall),
        "no-support": each_row(_support, "warning"),
    }


def _tool(row: Row) -> Tool | None:
    return next((tool for name, tool in TOOLS.items() if name == row.word("tool")), None)


def _domain(row: Row) -> Iterator[tuple[str, str, str]]:
    """A domain that the tool does not have."""
    tool, domain = _tool(row), row.word("domain")
    if tool is not None and domain and domain not in tool.words:
        yield "domain", f"no domain of {row.word('tool')}", f"one of {_listed(tool.words)}"


def _judgement(row: Row) -> Iterator[tuple[str, str, str]]:
    """A judgement that the tool does not know."""
    tool, judgement = _tool(row), row.word("judgement")
    if tool is not None and judgement and judgement not in tool.judgements:
        right = f"did you mean `{tool.middle}`? It knows {_listed(tool.judgements)}"
        yield "judgement", f"no judgement of {row.word('tool')}", right


def _support(row: Row) -> Iterator[tuple[str, str, str]]:
    """A judgement without the words it rests on."""
    if not row.text["support"] and row.word("domain") != OVERALL:
        yield "support", "empty", "the fewest words that the judgement rests on"


def _twice(rows: Sequence[Row]) -> Iterator[Finding]:
    """Two judgements of one trial, outcome, tool and domain."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row.word(name) for name in ("trial", "outcome", "tool", "domain"))
        other = first.setdefault(key, row)
        if other is not row and all(key):
            wrong = f"row {other.line} judges this domain already ({other.word('judgement')})"
            yield Finding(row, "domain", wrong, "one judgement; the note may tell of the other")


def _tools(rows: Sequence[Row]) -> Iterator[Finding]:
    """One trial and outcome judged by two tools."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        other = first.setdefault((row.word("trial"), row.word("outcome")), row)
        if other.word("tool") != row.word("tool") and row.word("tool"):
            wrong = f"row {other.line} judges this trial and outcome by {other.word('tool')}"
            yield Finding(row, "tool", wrong, "the judgements of one tool")


def _overall(rows: Sequence[Row]) -> Iterator[Finding]:
    """An overall judgement better than that of a domain."""
    for row in rows:
        tool = _tool(row)
        if tool is None or row.word("domain") != OVERALL or row.word("judgement") not in tool.judgements:
            continue
        order: tuple[str, ...] = tool.judgements
        for other in rows:
            same = all(other.word(name) == row.word(name) for name in ("trial", "outcome", "tool"))
            worse = other.word("judgement") in order and order.index(other.word("judgement")) > order.index(
                row.word("judgement")
            )
            if same and worse:
                wrong = f"row {other.line} ({other.word('domain')}) is {other.word('judgement')}"
                yield Finding(
                    row, "judgement", wrong, "an overall judgement is no better than its worst domain"
                )
                break


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
