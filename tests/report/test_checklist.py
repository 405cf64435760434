"""The checklist answers every item by a part that is there, or says why it is not done."""

from __future__ import annotations

import pytest

from bupmeta.report.checklist import checklist, items
from bupmeta.report.parts import document

NAMES = ("bupropion", "antidepressants")


@pytest.fixture(scope="module")
def parts(analysed):
    return {name: document(analysed(name)).parts for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_item_is_answered_or_has_its_reason(analysed, parts, name):
    """No cell of the checklist is empty, and an item that is not done says why and names no part."""
    titles = {part.title for part in parts[name]}
    for one in checklist(analysed(name), parts[name]):
        assert one.says, one.item.asks
        assert (one.grade == "not done") == (not one.where)
        assert set(one.where) <= titles | {"each condition"}


def test_an_item_is_not_done_when_its_part_is_missing(analysed, parts):
    """Take away the part, and the answer goes with it."""
    without = [part for part in parts["bupropion"] if part.key != "flow"]
    (one,) = [one for one in checklist(analysed("bupropion"), without) if one.item.codes == "P16a"]
    assert one.grade == "not done"


def test_every_part_that_an_item_names_can_exist(parts):
    """Keys in the list of items are keys of parts of the two reports, so that none is misspelt."""
    keys = {part.key for name in NAMES for part in parts[name]} | {"conditions"}
    assert {key for item in items() for key in item.parts} <= keys
