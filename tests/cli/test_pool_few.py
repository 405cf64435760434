"""`bupmeta pool` with few trials prints what each method makes of them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bupmeta.cli import main

TWO = "study,y,v\nAnn,-0.9,0.05\nBen,-0.2,0.04\n"
FIVE = TWO + "Cal,-0.5,0.06\nDee,-0.4,0.05\nEve,-1.1,0.09\n"


@pytest.mark.parametrize(("text", "shown"), [(TWO, True), (FIVE, False)])
def test_the_panel_is_shown_below_five_trials(text: str, shown: bool) -> None:
    """Text and JSON hold it for two trials, neither for five."""
    call = ["pool", "-", "--measure", "SMD"]
    plain, document = (CliRunner().invoke(main, [*call, *more], input=text) for more in ([], ["--json"]))
    assert plain.exit_code == 0, plain.stderr
    assert ("what each method makes of them" in plain.stdout) is shown
    found = json.loads(document.stdout)
    assert ("few_studies" in found) is shown
    if shown:
        assert found["few_studies"]["advice"].startswith("Read “Bayes")
