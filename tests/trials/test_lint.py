"""Each check: the smallest file that triggers it and nothing else, and the same file put right."""

from __future__ import annotations

import pytest

from bupmeta.errors import DataError
from bupmeta.trials import read_trials
from bupmeta.trials.lint import CHECKS, lint
from bupmeta.trials.rows import read_rows

Change = dict[str, str | None]
_OTHER = {"row": "a2001_high", "dose": "high"}
_ELSEWHERE = {"row": "b2002_pain", "trial": "b2002", "study": "Trial B 2002", "year": "2002"}
_SD = {"form": "arm_means_sd"}
# Yasuda 2011: 86 and 86 patients on two doses, and the 172 of both
_YASUDA = [
    {"form": "p_only", "row": f"a2001_{dose}", "dose": dose, "n_active": n, "n_randomized": "339"}
    for dose, n in (("40", "86"), ("60", "86"), ("both", "172"))
]
_TWO = {"row": "a2001_two", "form": "p_only"}


def _trial(letter: str, **changes: str) -> Change:
    return {
        "row": f"{letter}2001_pain",
        "trial": f"{letter}2001",
        "study": f"Trial {letter} 2001",
        **_SD,
        **changes,
    }


_WIDE = [_trial(x, sd_active=f"3.{i}", sd_control="3.2") for i, x in enumerate("bcd")]

# code -> (rows that have the fault, the same rows put right)
CASES: dict[str, list[tuple[list[Change], list[Change]]]] = {
    "missing-number": [
        ([{"difference_ci_low": "", "difference_ci_high": ""}], [{}]),
        ([{"form": "paired_means_p", "mean_active": "", "mean_control": ""}], [{"form": "paired_means_p"}]),
        ([{"form": "crossover_counts", "n_paired": ""}], [{"form": "crossover_counts"}]),
    ],
    "unused-number": [
        ([{"form": "not_significant", "mean_active": "-2.0"}], [{"form": "not_significant"}]),
        ([{"form": "counts", "ratio": "2.0"}], [{"form": "counts"}]),
        ([{"favours": "active"}], [{}]),
    ],
    "p-inferred": [
        (
            [{"form": "not_significant", "p": "0.05", "p_relation": ">", "p_about": "between"}],
            [{"form": "not_significant"}],
        )
    ],
    "incomplete": [
        ([{"p_relation": ""}], [{}]),
        ([{"form": "difference_se", "p": "0.015"}], [{"form": "difference_se"}]),
        ([{"form": "ratio", "ratio_ci_low": "1.2", "ci_level": "95"}], [{"form": "ratio"}]),
        ([{"form": "ratio", "ratio_ci_low": "1.2", "ratio_ci_high": "4.8"}], [{"form": "ratio"}]),
        ([{"scale_max": ""}], [{}]),
    ],
    "no-size": [
        ([{"form": "arm_means_p", "n_active": ""}], [{"form": "arm_means_p"}]),
        ([{"form": "paired_means_p", "n_paired": ""}], [{"form": "paired_means_p"}]),
    ],
    "unread-direction": [([{"value": ""}], [{}]), ([{"higher_is": ""}], [{}])],
    "no-control": [([{"form": "one_arm_means", "use": "main"}], [{"form": "one_arm_means"}])],
    "scale-basis": [
        ([{"scale_basis": ""}], [{"scale_basis": "presumed"}]),
        ([{"scale_min": "", "scale_max": ""}], [{"scale_min": "", "scale_max": "", "scale_basis": ""}]),
    ],
    "no-scale-basis": [([{"scale_basis": None}], [{}])],  # the column is not there
    "ci-order": [
        ([{"difference_ci_low": "-0.1", "difference_ci_high": "-0.9"}], [{}]),
        ([{"form": "p_only", "scale_min": "10", "scale_max": "0"}], [{"form": "p_only"}]),
        ([{"form": "p_only", "scale_max": "1e-300"}], [{"form": "p_only"}]),
    ],
    # Miki 2016 prints 0.44 (-0.72 to -0.17), P = 0.0018
    "ci-excludes-estimate": [
        (
            [{"difference": "0.44", "difference_ci_low": "-0.72", "difference_ci_high": "-0.17", "p": "0.0018"}],
            [{"difference": "-0.44", "difference_ci_low": "-0.72", "difference_ci_high": "-0.17", "p": "0.0018"}],
        )
    ],
    "asymmetric-ci": [
        ([{"difference": "-0.60", "p": "0.003"}], [{}]),
        (
            [{"form": "ratio", "ratio": "2.0", "ratio_ci_low": "1.0", "ratio_ci_high": "3.0", "ci_level": "95"}],
            [{"form": "ratio", "ratio": "1.7", "ratio_ci_low": "1.0", "ratio_ci_high": "3.0", "ci_level": "95"}],
        ),
    ],
    # 0.4 / (0.8 / 3.97) is t = 2.5 of 98 df: p near 0.015
    "p-against-ci": [
        ([{"p": "0.15"}], [{"p": "0.015"}]),
        ([{"p": "0.001", "p_relation": "<"}], [{"p": "0.05", "p_relation": "<"}]),
        ([{"p": "0.05", "p_relation": ">"}], [{"p": "0.01", "p_relation": ">"}]),
        # the same figures at 98.3 % say more: 0.5 / (0.8 / 4.86), t = 3.0
        ([{"ci_level": "98.3", "p": "0.05"}], [{"ci_level": "98.3", "p": "0.003"}]),
    ],
    "p-against-se": [
        (
            [{"form": "difference_se", "p": "0.2", "p_relation": "=", "p_about": "between"}],
            [{"form": "difference_se", "p": "0.014", "p_relation": "=", "p_about": "between"}],
        )
    ],
    # Semenchuk & Davis 2000: t(21) = 3.327, p = 0.003
    "p-against-t": [
        (
            [{"form": "p_only", "t": "3.327", "df": "21", "p": "0.03"}],
            [{"form": "p_only", "t": "3.327", "df": "21", "p": "0.003"}],
        )
    ],
    "p-zero": [([{"form": "p_only", "p": "0.000"}], [{"form": "p_only", "p": "0.001"}])],
    "p-one": [
        ([{"form": "arm_means_p", "p": "1"}], [{"form": "arm_means_p", "p": "1", "mean_active": "-1.0"}]),
        ([{"form": "difference_p", "p": "1"}], [{"form": "difference_p", "p": "0.99"}]),
    ],
    # Konno 2016 as SD would be 30 standard errors apart; here 0.5 of 0.9 and 0.9
    "sd-too-precise": [
        ([{**_SD, "sd_active": "0.9", "sd_control": "0.9", "mean_active": "-2.5"}], [_SD]),
        (
            [{**_SD, "sd_active": "1.0", "sd_control": "1.0", "p": "0.2", "p_relation": "=", "p_about": "between"}],
            [{**_SD, "p": "0.02", "p_relation": "=", "p_about": "between"}],
        ),
    ],
    "sd-too-small": [
        ([{**_SD, "sd_active": "0.3", "mean_active": "-1.1"}], [{**_SD, "mean_active": "-1.1"}]),
        (
            [_trial("a", sd_active="0.9", mean_active="-1.1"), *_WIDE],
            [_trial("a", sd_active="2.9"), *_WIDE],
        ),
    ],
    "se-looks-like-sd": [
        ([{"form": "arm_means_se", "se_active": "2.1"}], [{"form": "arm_means_se"}]),
        (
            [{"form": "arm_means_se", "se_active": "1.2", "p": "0.0001", "p_relation": "=", "p_about": "between"}],
            [{"form": "arm_means_se", "p": "0.02", "p_relation": "=", "p_about": "between"}],
        ),
    ],
    "spread-impossible": [
        ([{**_SD, "sd_active": "12.0"}], [_SD]),
        ([{**_SD, "sd_active": "0"}], [_SD]),
        ([{"form": "p_only", "value": "endpoint", "baseline_sd_active": "7.0"}], [{"form": "p_only"}]),
    ],
    "n-exceeds-randomized": [
        ([{"n_active": "60"}], [{}]),
        ([{"form": "paired_means_sd", "n_paired": "101"}], [{"form": "paired_means_sd", "n_paired": "100"}]),
    ],
    "events-exceed-n": [([{"form": "counts", "events_active": "51"}], [{"form": "counts"}])],
    # 7 of 50 is 14 percent; no count of 50 gives 13 or 14.5
    "percent-fits-no-count": [
        ([{"form": "percentages", "percent_active": "14.5"}], [{"form": "percentages", "percent_active": "14.0"}]),
        ([{"form": "counts", "percent_active": "41"}], [{"form": "counts", "percent_active": "40"}]),
    ],
    "mean-outside-scale": [
        ([{"form": "arm_means", "mean_active": "-20"}], [{"form": "arm_means"}]),
        ([{"form": "arm_means", "value": "endpoint"}], [{"form": "arm_means", "value": "change"}]),
        ([{"form": "p_only", "baseline_active": "57"}], [{"form": "p_only", "baseline_active": "5.7"}]),
    ],
    "duplicate-row": [([{}, {**_ELSEWHERE, "row": "a2001_pain", "n_active": "49"}], [{}])],
    "duplicate-result": [([{}, _TWO], [{}, {**_TWO, "use": "alternative"}])],
    "same-figures": [([{}, _ELSEWHERE], [{}, {**_ELSEWHERE, "n_active": "49"}])],
    "arms-twice": [(_YASUDA, _YASUDA[:2])],
    "trial-twice": [
        (
            [{"pmid": "123"}, {**_ELSEWHERE, "n_active": "49", "pmid": "123"}],
            [{"pmid": "123"}, {**_ELSEWHERE, "n_active": "49", "pmid": "124"}],
        )
    ],
    "superseded-by": [
        ([{"superseded_by": "a2001_pian"}], [{}]),
        ([{"superseded_by": "a2001_pain"}], [{}]),
        ([{"superseded_by": "b2002_pain"}, {**_ELSEWHERE, "n_active": "49"}], [{}]),
        (
            [{"superseded_by": "a2001_two"}, {"row": "a2001_two", "form": "p_only", "superseded_by": "a2001_pain"}],
            [{"superseded_by": "a2001_two"}, {"row": "a2001_two", "form": "p_only"}],
        ),
    ],
    "not-as-printed": [
        (
            [{"as_printed": "-0.5 (-0.9 to -0.1), p .015"}],
            [{"as_printed": "-.50 (-0.90 to -0.1), p .015; n 50 and 50"}],
        ),
        (
            [{"ci_level": "98.3", "p": "0.003", "as_printed": "-0.5 (-0.9, -0.1); 0.003; 50; 50"}],
            [{"ci_level": "98.3", "p": "0.003", "as_printed": "-0.5 (98.3% CI -0.9, -0.1); 0.003; 50; 50"}],
        ),
    ],
    "sign-as-printed": [
        (
            [{"as_printed": "lower by 0.5 (-0.9 to -0.1), p 0.015; 50 and 50"}],
            [{"as_printed": "lower, -0.5 (-0.9 to -0.1), p 0.015; 50 and 50"}],
        )
    ],
    "as-printed-empty": [([{"form": "text_only", "as_printed": ""}], [{"form": "text_only"}])],
    "as-printed-sentence": [
        ([{"form": "text_only", "as_printed": "many words follow one another " * 6}], [{"form": "text_only"}])
    ],
    "difference-against-means": [
        ([{"mean_active": "-1.0", "mean_control": "-1.5"}], [{"mean_active": "-2.0", "mean_control": "-1.5"}]),
        ([{"mean_active": "-2.5", "mean_control": "-1.5"}], [{"mean_active": "-2.1", "mean_control": "-1.5"}]),
        (
            [{"mean_active": "-2.0", "mean_control": "-1.5", "difference_sign": "control - active"}],
            [{"mean_active": "-2.0", "mean_control": "-1.5"}],
        ),
    ],
    "mixed-values": [
        (
            [{}, {**_OTHER, "form": "arm_means", "value": "endpoint", "mean_active": "4.0", "mean_control": "5.0"}],
            [{}, {**_OTHER, "form": "arm_means"}],
        )
    ],
    "control-differs": [
        ([_SD, {**_SD, **_OTHER, "mean_control": "-1.2"}], [_SD, {**_SD, **_OTHER, "mean_active": "-2.4"}]),
    ],
    "trial-differs": [([{}, {**_OTHER, "form": "p_only", "n_randomized": "90"}], [{}, {**_OTHER, "form": "p_only"}])],
    "year-differs": [([{"year": "2002"}], [{}])],
}  # fmt: skip


@pytest.fixture
def found(row, write):
    """Write the changed rows and return (code, acknowledged) of each fault."""

    def find(changes: list[Change]) -> list[tuple[str, bool]]:
        rows = [{name: cell for name, cell in row(**c).items() if cell is not None} for c in changes]
        return [(f.code, f.acknowledged) for f in lint(read_rows(write(rows)))]

    return find


def test_every_check_has_a_case():
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize(
    ("code", "broken", "right"), [(code, *case) for code, cases in CASES.items() for case in cases]
)
def test_a_check_finds_its_fault_alone_and_nothing_in_the_repaired_file(found, code, broken, right):
    assert {c for c, _ in found(broken)} == {code}
    assert found(right) == []


def test_all_examples_together_have_no_fault(examples, write):
    assert lint(read_rows(write(examples))) == ()


def test_a_fault_of_the_report_may_be_declared_in_the_note(found, row, write):
    lost_sign = CASES["ci-excludes-estimate"][0][0][0]
    declared = lost_sign | {"note": "The minus sign is lost in print. [ok: ci-excludes-estimate]"}
    assert found([declared]) == [("ci-excludes-estimate", True)]
    assert [w.code for w in read_trials(write([row(**declared)])).warnings] == ["ci-excludes-estimate"]
    with pytest.raises(
        DataError, match=r"row 2 \(a2001_pain\), difference = 0.44: outside its own confidence interval"
    ):
        read_trials(write([row(**lost_sign)]))


def test_several_codes_may_stand_in_one_note(found):
    note = "[ok: asymmetric-ci, year-differs]"
    assert found([{"difference": "-0.60", "p": "0.003", "year": "2002", "note": note}]) == [
        ("asymmetric-ci", True),
        ("year-differs", True),
    ]


def test_a_fault_of_the_file_cannot_be_declared_away(found):
    broken = CASES["events-exceed-n"][0][0][0] | {"note": "[ok: events-exceed-n]"}
    assert found([broken]) == [("events-exceed-n", False), ("idle-declaration", False)]


def test_a_declaration_of_nothing_is_pointed_out(found):
    assert found([{"note": "[ok: asymetric-ci]"}]) == [("idle-declaration", False)]


def test_a_warning_of_a_cell_may_be_declared(found):
    assert found([{"outcome": "sleep", "note": "[ok: new-word]"}]) == [("new-word", True)]
