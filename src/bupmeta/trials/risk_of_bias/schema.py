"""The columns of risk_of_bias.csv: one row is one judgement that somebody published."""

from __future__ import annotations

from bupmeta.trials.risk_of_bias.words import EVERY_OUTCOME, JUDGEMENTS, OVERALL, TOOLS
from bupmeta.trials.schema import Column
from bupmeta.trials.words import MEANINGS

__all__ = ["COLUMNS", "WORDS"]

_DOMAINS: dict[str, str] = {}
for _name, _tool in TOOLS.items():
    for _domain, _meaning in _tool.domains.items():
        _DOMAINS.setdefault(_domain, f"{_meaning} ({'RoB 1' if _name == 'RoB 1' else 'RoB 2'})")
_DOMAINS["S"] = f"{TOOLS['RoB 2 crossover'].domains['S']} (RoB 2 crossover only)"

#: The vocabularies, as `MEANINGS` holds those of trials.csv; `outcome` has the words of that file.
WORDS: dict[str, dict[str, str]] = {
    "tool": {name: tool.title for name, tool in TOOLS.items()},
    "domain": {**_DOMAINS, OVERALL: "the judgement of the whole (RoB 2)"},
    "judgement": JUDGEMENTS,
}

COLUMNS: tuple[Column, ...] = (
    Column("trial", "row", "text", "name of the trial in trials.csv", required=True, pattern=r"[a-z0-9_]+"),
    Column("outcome", "outcome", "word", f"outcome it is about, a word of trials.csv, or `{EVERY_OUTCOME}`",
           words=(EVERY_OUTCOME, *MEANINGS["outcome"]), required=True),
    Column("tool", "printed", "word", "tool it was judged with", words=tuple(WORDS["tool"]), required=True),
    Column("domain", "printed", "word", "domain of that tool", words=tuple(WORDS["domain"]), required=True),
    Column("judgement", "printed", "word", "the judgement as published", words=tuple(JUDGEMENTS), required=True),
    Column("support", "source", "text", "the fewest words or figures that the judgement rests on, as quoted"),
    Column("judged_by", "source", "text", "who judged, such as a Cochrane review", required=True),
    Column("source", "source", "text", "address of the page", required=True, pattern=r"https?://\S+"),
    Column("place", "source", "text", "where on that page"),
    Column("note", "source", "text", "what a reader must know; `[ok: code]` declares a fault to be the source's own"),
)  # fmt: skip
