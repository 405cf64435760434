"""RevMan 5's own file: XML with studies, comparisons, outcomes, subgroups and data."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bupmeta.exchange.entries import Entry, Unmapped, arms, counts, difference, number, ratio, ratio_measure
from bupmeta.exchange.opened import Markup, Opened

__all__ = ["knows", "read"]

_OUTCOMES = ("DICH", "CONT", "IV", "IPD", "OTHER")
_MEASURES = {"PETO_OR": "OR"}


def knows(opened: Opened) -> bool:
    """Whether the root is that of a Cochrane review."""
    return isinstance(opened, Markup) and opened.root.tag == "COCHRANE_REVIEW"


def read(opened: Opened, measure: str) -> Iterator[Entry | Unmapped]:
    """Give every study of every analysis, with the labels of the groups; `measure` is not needed."""
    del measure
    assert isinstance(opened, Markup)
    root = opened.root
    studies = {one.get("ID", ""): one for one in root.iter("STUDY")}
    found = False
    for comparison in root.iter("COMPARISON"):
        for outcome in comparison:
            kind = outcome.tag.removesuffix("_OUTCOME")
            if kind in _OUTCOMES and outcome.tag != kind:
                found = True
                yield from _outcome(comparison, outcome, kind, studies)
    if not found:
        yield Unmapped("the whole file", "analyses", "the review holds no comparison with data")


def _outcome(
    comparison: Element, outcome: Element, kind: str, studies: dict[str, Element]
) -> Iterator[Entry | Unmapped]:
    where = f"analysis {comparison.get('NO', '?')}.{outcome.get('NO', '?')}"
    name = _text(outcome, "NAME") or where
    if kind == "OTHER":
        yield Unmapped(where, name, "a table of text, without numbers that a column has")
        return
    parts = outcome.findall(f"{kind}_SUBGROUP")
    places = [
        (where, "", outcome),
        *((f"{where}.{part.get('NO', '?')}", _text(part, "NAME"), part) for part in parts),
    ]
    for place, subgroup, element in places:
        for data in element.findall(f"{kind}_DATA"):
            study = studies.get(data.get("STUDY_ID", ""))
            known = study.attrib if study is not None else {}
            label = known.get("NAME") or data.get("STUDY_ID") or "?"
            cells = _cells(kind, outcome, data)
            if isinstance(cells, str):
                yield Unmapped(place, label, cells)
                continue
            yield Entry(
                place, label, name, cells | _labels(outcome),
                known.get("YEAR", ""),
                "; ".join(filter(None, (_text(comparison, "NAME"), subgroup))),
                _remarks(outcome),
            )  # fmt: skip


def _cells(kind: str, outcome: Element, data: Element) -> dict[str, str] | str:
    def at(name: str) -> float | None:
        return number(data.get(name))

    match kind:
        case "CONT":
            active, control = (
                {"n": at(f"TOTAL_{i}"), "mean": at(f"MEAN_{i}"), "sd": at(f"SD_{i}")} for i in (1, 2)
            )
            return arms(active, control)
        case "DICH":
            return counts(*({"events": at(f"EVENTS_{i}"), "n": at(f"TOTAL_{i}")} for i in (1, 2)))
        case _:
            return _generic(kind, outcome, data)


def _generic(kind: str, outcome: Element, data: Element) -> dict[str, str] | str:
    """Generic inverse variance, and O - E with its variance: what RevMan shows of them."""
    name = outcome.get("EFFECT_MEASURE") or _text(outcome, "EFFECT_MEASURE")
    measure = _MEASURES.get(name, ratio_measure(name))
    y, low, high = (number(data.get(key)) for key in ("EFFECT_SIZE", "CI_START", "CI_END"))
    if measure:
        return ratio(measure, y, low, high, number(outcome.get("CI_STUDY")) or 95.0)
    if (
        kind == "IV"
        and outcome.get("LOG_DATA", "NO") != "YES"
        and name.casefold() in ("md", "mean difference")
    ):
        estimate = number(data.get("ESTIMATE"))
        return difference(y if estimate is None else estimate, number(data.get("SE")))
    return f"an estimate called {name or 'nothing'}; a row holds differences of means, and OR, RR or HR"


def _labels(outcome: Element) -> dict[str, str]:
    label = _text(outcome, "GROUP_LABEL_2")
    named = {} if label.casefold() in ("", "control") else {"comparator": label}
    return named | ({"comparator_type": "placebo"} if label.casefold() == "placebo" else {})


def _remarks(outcome: Element) -> tuple[str, ...]:
    label = _text(outcome, "GROUP_LABEL_1")
    swapped = outcome.get("SWAP_EVENTS", "NO") == "YES"
    return (
        *((f"the file calls the active group {label!r}",) if label else ()),
        *(("the analysis swaps events and non-events; the row holds the events",) if swapped else ()),
    )


def _text(element: Element, tag: str) -> str:
    found = element.find(tag)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""
