"""What the page can look up is what the kernel computed, to the decimals that are shown."""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.analysis.explore import explore
from bupmeta.effects import Origin
from bupmeta.report.document import Document, Explorer, Part, Terms
from bupmeta.report.explorer import DECIMALS, view
from bupmeta.report.html import html

REFERENCE = Path(__file__).parents[1] / "reference"
MODELS = {"as specified": bm.RandomEffects(), "common": bm.RandomEffects(tau2="EE", ci="Wald")}
HOSTILE = "</script><script>alert(1)</script>&amp;\u202e\u2028"


def bcg(measure: str = "RR", k: int = 13) -> bm.Effects:
    """The BCG trials (metadat's dat.bcg in tests/reference/bcg_rr.json: yi, vi as metafor's escalc gives them)."""
    found = json.loads((REFERENCE / "bcg_rr.json").read_text(encoding="utf-8"))
    return bm.Effects.from_arrays(found["yi"][:k], found["vi"][:k], measure=measure)


def unpacked(found) -> np.ndarray:
    """Give the numbers of a view as floats: models, data sets, DECIMALS."""
    kind = f"<i{found['bytes']}"
    whole = np.frombuffer(base64.b64decode(found["numbers"]), kind).astype(float)
    whole[whole == np.iinfo(kind).min] = np.nan
    return whole.reshape(len(found["models"]), found["sets"], len(DECIMALS)) / 10.0 ** np.array(DECIMALS)


@pytest.mark.parametrize(("measure", "k", "ratio"), [("MD", 5, False), ("RR", 13, True), ("RR", 4, False)])
def test_numbers_come_back_as_they_were_computed(measure, k, ratio):
    """Every number of every subset and model, ratios back from their logarithms, to half of its last decimal."""
    explored = explore(bcg(measure, k), MODELS)
    found = unpacked(view(explored, "effect", ("left", "right"), ratio=ratio))
    for numbers, fit in zip(found, explored.fits.values()):
        effects = [fit.mu, fit.ci_low, fit.ci_high, fit.prediction_low, fit.prediction_high]
        with np.errstate(over="ignore"):
            shown = [np.exp(x) if ratio else x for x in effects]
        for column, theirs, decimals in zip(numbers.T, [*shown, fit.tau2, fit.i2, fit.status], DECIMALS):
            np.testing.assert_allclose(column, theirs, rtol=0, atol=0.5 * 10.0**-decimals + 1e-9)


def test_what_is_too_large_to_write_is_marked_so():
    """An interval of two trials that reaches beyond the integers is cut at the greatest of them, and never wraps."""
    effects = bm.Effects.from_arrays([0.0, 3.0], [4.0, 4.0], measure="OR")
    found = view(explore(effects, MODELS), "odds ratio", ("left", "right"), ratio=True)
    assert found["bytes"] == 4
    assert unpacked(found)[0, 2, 2] == (2**31 - 1) / 100 < math.exp(1.5 + 12.7 * 2**0.5)


def test_ticks_stand_where_the_page_places_their_number():
    """A tick's place in percent is that of its value between the ends of the axis, on either scale."""
    for ratio, value in ((False, float), (True, lambda text: math.log(float(text)))):
        found = view(explore(bcg(), MODELS), "effect", ("left", "right"), ratio=ratio)
        for at, text in found["ticks"]:
            x = value(text.replace("\u2212", "-"))
            assert at == pytest.approx(100 * (x - found["low"]) / (found["high"] - found["low"]), abs=0.05)


def test_no_text_can_end_the_data_block():
    """Labels with tags, entities and line separators come back unchanged, and none of them is markup in the page."""
    origin = [Origin(printed=HOSTILE, address="javascript:alert(1)", rows=(HOSTILE,))] * 3
    effects = bm.Effects.from_arrays([1, 2, 3], [1, 1, 1], [f"{HOSTILE}{i}" for i in range(3)], origin=origin)
    data = {"views": [view(explore(effects, MODELS), HOSTILE, (HOSTILE, HOSTILE))]}
    block = Explorer("name", HOSTILE, HOSTILE, data)
    page = html(Document("t", "k", Terms(()), (Part("a", "A", (block,)),)), {})
    assert "<script>alert" not in page
    text = page.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(text)["views"][0]["title"] == HOSTILE
    assert not {"<", ">", "&", "\u2028", "\u202e"} & set(text)
