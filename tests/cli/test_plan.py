"""`bupmeta plan`: chances as a table or one document, the information size when it is asked for, pictures."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import bupmeta as bm
from bupmeta.cli import main

THREE = "study,y,v\nAnn,-0.4,0.04\nBen,-0.1,0.03\nCal,-0.6,0.09\n"
ARMS = """study,n_active,mean_active,sd_active,n_control,mean_control,sd_control
Ann,40,4.1,2.0,42,5.0,2.2
Ben,30,4.4,1.8,28,5.1,2.1
"""


def call(*more: str, text: str = THREE) -> Result:
    """Plan for a file on standard input."""
    return CliRunner().invoke(main, ["plan", "-", *more], input=text)


def test_the_document_holds_the_numbers_of_the_library() -> None:
    """--json gives what planning.next_trial and planning.information_size give for the same effects."""
    done = call("--measure", "SMD", "--n", "50", "--n", "200", "--delta", "0.5", "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    result = bm.pool(bm.Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD"))
    assert document["next_trial"] == bm.planning.next_trial(result, [50, 200]).to_dict()
    assert document["information_size"] == bm.planning.information_size(result, 0.5).to_dict()


def test_ratios_are_given_as_ratios() -> None:
    """A threshold of 0.8 is that of a risk ratio; 0 is none."""
    more = ("--measure", "RR", "--sd", "3", "--n", "50", "--json")
    found = json.loads(call(*more, "--threshold", "0.8").stdout)
    assert found["next_trial"]["threshold"] == pytest.approx(math.log(0.8))
    wrong = call(*more, "--threshold", "0")
    assert wrong.exit_code == 2
    assert "not a ratio" in wrong.stderr


def test_the_table_is_for_people() -> None:
    """Means of arms give the spread of persons; one table of chances, one of information if asked for."""
    done = call("--scale", "2.5", "--delta", "-1", text=ARMS)
    assert done.exit_code == 0, done.stderr
    assert "What one more trial would make of the pool" in done.stdout
    assert "which 2 trials imply" in done.stdout.replace("\n", " ")
    assert "Information to find an effect of −1.00" in done.stdout
    assert "Information" not in call("--scale", "2.5", text=ARMS).stdout


def test_pictures_are_written(tmp_path: Path) -> None:
    """Chances against size and the extended funnel, each to its file."""
    one, two = tmp_path / "chances.svg", tmp_path / "funnel.svg"
    done = call("--measure", "SMD", "--n", "50", "--n", "100", "--plot", str(one), "--funnel", str(two))
    assert done.exit_code == 0, done.stderr
    assert "Chance that the interval excludes 0" in one.read_text(encoding="utf-8")
    assert "Standard error of one more trial" in two.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--measure", "SMD", "--n", "1"), "not a size"),
        (("--measure", "SMD", "--ci", "PL"), "HK-adhoc"),
        (("--measure", "SMD", "--plot", "out.gif"), "must end in one of"),
        (("--measure", "SMD", "--funnel", "none/out.svg"), "there is no folder none"),
        (("--measure", "SMD", "--sd", "1e308"), "not a standard deviation"),
        (("--measure", "SMD", "--delta", "1e-300"), "not an effect to be found"),
        (("--measure", "SMD", "--scale", "-1"), "scale=-1.0"),
        (("--measure", "SMD", "--level", "99.9999999999999"), "a level such as 0.95"),
        (("--measure", "MD"), "scale"),
        (("--measure", "RR"), "say by `sd`"),
    ],
)
def test_what_cannot_be_is_one_sentence(more: tuple[str, ...], words: str) -> None:
    """A size of 1, an interval solved for one by one, a kind of figure, what doubles do not hold: exit code 2."""
    done = call(*more)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
