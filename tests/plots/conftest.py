"""Small results to draw, given as numbers (no fitting), and a layout as text that a person can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bupmeta.effects import Effects
from bupmeta.effects.core import Origin, Silent
from bupmeta.plots import Band, Block, forest_layout
from bupmeta.plots.forest_grid import Words, grid
from bupmeta.plots.forest_parts import ForestLayout
from bupmeta.plots.style import house_style
from bupmeta.plots.text import width
from bupmeta.pooling import MetaResult, RandomEffects

LONG = "A very long trial name that the study group in eleven countries agreed on 2019"
Box = tuple[float, float, float, float]
POINTS = {"measure": "MD", "unit": "0–10 points"}


def result(effects: Effects, mu: float, ci: tuple[float, float], **numbers: Any) -> MetaResult:
    """A result as `pool` would return it, with made-up numbers."""
    k = len(effects)
    given = {
        "weights": np.full(k, 100 / k),
        "tau2": 0.04,
        "q": 5.25,
        "q_df": k - 1,
        "q_p": 0.2627,
        "i2": 23.4,
    }
    if k == 1:
        given = {"weights": np.array([100.0])}
    values: dict[str, Any] = {
        "se": 0.2,
        "p": 0.1,
        "statistic": -1.0,
        "df": None,
        "status": "ok",
        **given,
        **numbers,
    }
    return MetaResult(effects=effects, model=RandomEffects(), k=k, mu=mu, ci=ci, **values)


def effects(y: list[float], se: list[float], labels: list[str], **more: Any) -> Effects:
    return Effects.from_arrays(y, np.square(se), labels, **{**POINTS, **more})


def _one() -> Block:
    origin = Origin(
        rows=("semenchuk2001_pain",),
        year=2001,
        n_active=41,
        n_control=41,
        design="crossover",
        printed="p < 0.001",
    )
    silent = Silent("EudraCT 2019-000243-27", "results not obtained", rows=("eudract_pain",), year=2019)
    data = effects([-1.7], [0.48], ["Semenchuk 2001"], origin=[origin], silent=[silent])
    return Block("Neuropathic pain", result(data, -1.7, (-2.64, -0.76)))


def _words() -> Block:
    katz = Silent(
        "Katz 2005", "not significant, no numbers", n=44, design="crossover", printed="no difference"
    )
    data = Effects((), np.array([]), np.array([]), "MD", "0–10 points", (), (katz,))
    return Block("Chronic low back pain", effects=data)


def _five(**more: Any) -> Block:
    labels = ["Arnold 2004", "Arnold 2005", "Chappell 2008", "Russell 2008", "Gendreau 2005"]
    origin = [
        Origin(rows=(f"row{i}",), n_active=20 * i, n_control=20 * i - 1, design="parallel")
        for i in range(1, 6)
    ]
    data = effects([-0.5, -0.9, -0.2, 0.1, -1.4], [0.2, 0.55, 0.3, 0.39, 0.7], labels, origin=origin)
    weights = np.array([40.0, 10.0, 25.0, 20.0, 5.0])
    return Block(
        "SNRI", result(data, -0.41, (-0.94, 0.11), weights=weights, prediction=(-1.15, 0.32), **more)
    )


def _hostile() -> Block:
    labels = [
        "<script>alert(1)</script>",
        "$x_1^2$ & $",
        "=cmd()|'/C calc'!A1",
        "دراسة 2010 \u202e x",
        "x" * 5000,
    ]
    data = effects([-0.5, -0.3, -0.7, -0.2, 0.1], [0.2, 0.2, 0.2, 0.2, 0.3], labels)
    silent = (Silent("試験 \x00\ud800 \n \"'&<b>", "url(#a) <i>$\\frac{1}{2}$</i>", n=3),)
    data = Effects(data.labels, data.y, data.v, "MD", "<b>$y$</b>", data.origin, silent)
    return Block("</svg><script>", result(data, -0.3, (-0.6, 0.0)))


def _long() -> Block:
    origin = [
        Origin(
            year=2019,
            n_active=1234567,
            n_control=7654321,
            design="crossover, first period",
            printed="mean " * 60,
        )
    ] * 2
    silent = [
        Silent(LONG, "reported only as not significantly different " * 4, n=123456, printed="word " * 90)
    ]
    data = effects([-0.5, -0.3], [0.2, 0.2], [LONG, "W" * 90], origin=origin, silent=silent)
    return Block(LONG * 3, result(data, -0.4, (-2.4, 1.6)), sentence="A sentence that goes on. " * 20)


def _extreme() -> Block:
    data = effects(
        [-0.5, -0.3, -0.7, 0.4], [0.2, 0.22, 0.17, 300.0], ["A 2001", "B 2002", "C 2003", "Wild 2005"]
    )
    return Block("", result(data, -0.51, (-0.9, -0.1), prediction=(-40.0, 39.0)))


def _many() -> Block:
    data = effects(
        [-1 + i / 10 for i in range(20)], [0.2 + i / 100 for i in range(20)], [f"T {i}" for i in range(20)]
    )
    return Block("", result(data, -0.05, (-0.3, 0.2), prediction=(-1.2, 1.1)))


def _ratio() -> Block:
    data = effects(
        np.log([0.5, 1.2, 2.5]).tolist(), [0.3, 0.4, 0.7], ["A 2001", "B 2002", "C 2003"], measure="OR"
    )
    return Block("", result(data, np.log(0.9), (np.log(0.4), np.log(2.0))))


FAVOURS = {"favours": ("favours bupropion", "favours placebo")}
BAND = {"band": Band(-1, 1, "Shaded: differences below 1 point")}
CASES: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "one trial": lambda: (_one(), FAVOURS),
    "five trials": lambda: (_five(), {**FAVOURS, "title": "Pain, fibromyalgia"}),
    "twenty trials": lambda: (_many(), FAVOURS),
    "blocks": lambda: ([_one(), _words(), Block("Fibromyalgia"), _five()], {**FAVOURS, **BAND}),
    "recovered": lambda: (
        Block("Back pain", effects=_words().effects, admissible={"Katz 2005": (-1.1, float("inf"))}),
        FAVOURS,
    ),
    "all silent": lambda: ([_words(), Block("Fibromyalgia")], FAVOURS),
    "extreme": lambda: (_extreme(), FAVOURS),
    "ratios": lambda: (_ratio(), {"arms": ("drug", "placebo")}),
    "long": lambda: (
        _long(),
        {"favours": ("to the left " * 20, "to the right " * 20), "title": "Title " * 60},
    ),
    "hostile": lambda: (_hostile(), {"favours": ("$a$", "<b>"), "title": "<script>$\\alpha$</script>"}),
    "narrow": lambda: (_five(), {**FAVOURS, "limits": (-0.3, 0.1)}),
    "total": lambda: ([_five(), Block("All classes", _five().result, studies=False)], FAVOURS),
}


@pytest.fixture(params=list(CASES))
def case(request: pytest.FixtureRequest) -> tuple[Any, dict[str, Any]]:
    return CASES[request.param]()


@pytest.fixture
def cases() -> dict[str, Callable[[], tuple[Any, dict[str, Any]]]]:
    return CASES


@pytest.fixture
def layout(case: tuple[Any, dict[str, Any]]) -> ForestLayout:
    return forest_layout(case[0], **case[1])


@pytest.fixture
def described() -> Callable[[ForestLayout], str]:
    return _describe


@pytest.fixture
def box() -> Callable[[Words], Box]:
    return _box


@pytest.fixture
def apart() -> Callable[[ForestLayout], float]:
    """Assert that no two lines of text of a layout overlap and that all stay on the page; give its width."""

    def check(layout: ForestLayout) -> float:
        with house_style():
            place = grid(layout, 720.0)
            boxes = [(_box(words), words.text) for words in place.words]
        for i, ((left, right, top, bottom), text) in enumerate(boxes):
            assert left >= 0, text
            assert right <= place.width, text
            assert top >= 0, text
            assert bottom <= place.height, text
            for (left2, right2, top2, bottom2), other in boxes[i + 1 :]:
                clear = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
                assert clear, f"{text!r} and {other!r}"
        return place.width

    return check


def _box(words: Words) -> Box:
    """Left, right, top and bottom of one line of text, as high as its letters."""
    wide = width(words.text, words.size, bold=words.bold, italic=words.italic)
    left = words.x - {"left": 0.0, "center": wide / 2, "right": wide}[words.align]
    return left, left + wide, words.y - words.size / 2, words.y + words.size / 2


def _describe(layout: ForestLayout) -> str:
    """The layout drawn with letters: ■ estimate, ◆ pooled, ═ prediction, [ ] admissible, < > past the axis."""
    lines = [layout.title] if layout.title else []
    lines.append(" | ".join(f"{c.title}" for c in layout.columns))
    for row in layout.rows:
        cells = " | ".join(row.cells.get(c.key, "") for c in layout.columns)
        lines.append(
            f"{_strip(layout, row)} {row.kind}: {cells if row.cells else ''}{row.text and ' ' + row.text}".rstrip()
        )
        lines += [f"{'':33} {row.detail}"] if row.detail else []
    axis = layout.axis
    lines.append(
        f"{axis.low:.4g} to {axis.high:.4g}: {'  '.join(label for _, label in axis.ticks)}  ({axis.label})"
    )
    lines += [text for text in (*layout.favours, *layout.key) if text]
    return "\n".join(lines)


def _strip(layout: ForestLayout, row: Any, size: int = 31) -> str:
    axis = layout.axis

    def at(x: float) -> int:
        return round((x - axis.low) / (axis.high - axis.low) * (size - 1))

    strip = [" "] * size
    if not layout.empty:
        strip[at(axis.reference)] = "│"
    if row.interval is not None:
        (low, high), below, above = axis.clip(row.interval)
        for i in range(at(low), at(high) + 1):
            strip[i] = "═" if row.kind == "prediction" else "─"
        if row.kind == "admissible":
            strip[at(low)], strip[at(high)] = "[", "]"
        strip[0], strip[-1] = "<" if below else strip[0], ">" if above else strip[-1]
    if row.estimate is not None and axis.low <= row.estimate <= axis.high:
        strip[at(row.estimate)] = "◆" if row.kind == "pooled" else "■"
    return f"|{''.join(strip)}|"
