"""The works that the words of a report name, and the list of those that it does name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bupmeta.report.templating import template_text

__all__ = ["Reference", "cited", "references"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One work in full; `link` is a DOI, empty where none was seen."""

    text: str
    link: str = ""


@cache
def references() -> Mapping[str, Reference]:
    """Give every known work by the words in which a sentence names it, from templates/references.toml."""
    found = tomllib.loads(template_text("references.toml"))
    return {name: Reference(**work) for name, work in found.items()}


def cited(texts: Iterable[str]) -> list[Reference]:
    """Give the works that any of the texts names, in alphabetical order.

    >>> [one.link for one in cited(["the highest maximum is searched for (Viechtbauer 2005)"])]
    ['10.3102/10769986030003261']
    """
    said = "\n".join(texts)
    return [work for name, work in sorted(references().items()) if re.search(rf"\b{re.escape(name)}\b", said)]
