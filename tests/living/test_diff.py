"""Pools before and after: what moved, and how much of it each trial makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bupmeta.analysis import analyse, read_spec, record
from bupmeta.cli import main
from bupmeta.effects import Effects, Tables
from bupmeta.errors import DataError, SpecError
from bupmeta.living import Diff, PoolState, diff
from bupmeta.living.counts import attribute_counts
from bupmeta.plots.before_after import before_after, before_after_layout
from bupmeta.pooling import AllEvidence, MantelHaenszel, RandomEffects, pool
from bupmeta.table import json_text

POOL = "fibromyalgia (MD)"


def effects(spec: Path, data: Path) -> Effects:
    """The effects of the pool over one file, by the one pipeline."""
    total = analyse(replace(read_spec(spec), data=data)).section("fibromyalgia").total
    assert total is not None
    return total.effects


def hybrid(old: Effects, new: Effects, trial: str) -> Effects:
    """The new effects with one trial as it was: what an attribution undoes, written out."""
    chosen = [
        (x.labels[i], float(x.y[i]), float(x.v[i]))
        for x, mine in ((new, False), (old, True))
        for i, origin in enumerate(x.origin)
        if (origin.trial == trial) == mine
    ]
    labels, y, v = zip(*chosen)
    silent = [s for s in new.silent if s.trial != trial] + [s for s in old.silent if s.trial == trial]
    return Effects.from_arrays(y, v, labels, silent=silent)


def test_the_same_file_moves_nothing(files: Any, spec: Path) -> None:
    """Nothing differs, which is said in one sentence without a table."""
    same = diff(files[0], files[0], spec=spec)
    assert not same
    assert same.tables() == []
    assert "0 of 1 pools moved" in str(same)


def test_the_moved_numbers_are_those_of_both_analyses(found: Diff, files: Any, spec: Path) -> None:
    """Old and new numbers are those that analyse() gives of each file."""
    (change,) = [one for one in found.pools if one.name == POOL]
    for state, data in ((change.old, files[0]), (change.new, files[1])):
        result = pool(effects(spec, data), RandomEffects())
        assert state is not None
        assert (state.mu, state.tau2, *(state.ci or ())) == pytest.approx(
            (result.mu, result.tau2, *result.ci)
        )
        assert state.prediction == pytest.approx(result.prediction)
        assert state.k == result.k
    assert change.moved == ("known", "k", "mu", "ci", "tau2", "prediction", "all_k", "all_mu", "all_ci")
    assert change.shift == pytest.approx(change.new.mu - change.old.mu)  # type: ignore[union-attr, operator]  # both there


def test_each_share_is_the_new_pool_with_that_change_alone_undone(
    found: Diff, files: Any, spec: Path
) -> None:
    """The batch agrees with pooling each hybrid by itself, extractable and with all evidence."""
    (change,) = [one for one in found.pools if one.name == POOL]
    assert change.attribution is not None
    shares = {share.trial: share for share in change.attribution.shares}
    assert {"vitton2004", "carette1986", "chappell2008"} <= set(shares)
    old, new = (effects(spec, data) for data in files)
    for trial, share in shares.items():
        undone = hybrid(old, new, trial)
        result, everything = pool(undone, RandomEffects()), pool(undone, AllEvidence())
        # ten digits of each effect are stored
        assert share.mu == pytest.approx(result.mu, rel=1e-8)
        assert share.ci == pytest.approx(result.ci, rel=1e-7)
        assert share.all_mu == pytest.approx(everything.mu, rel=1e-6)
        assert change.new is not None
        assert share.shift == pytest.approx(change.new.mu - result.mu, abs=1e-8)  # type: ignore[operator]  # there is one


def test_shares_and_the_rest_add_up(found: Diff) -> None:
    """The shifts of single trials and what they do together make the whole move."""
    (change,) = [one for one in found.pools if one.name == POOL]
    shares = change.attribution
    assert shares is not None
    assert sum(s.shift for s in shares.shares) + shares.rest == pytest.approx(shares.total)  # type: ignore[misc, operator]  # none is None here
    assert shares.total == pytest.approx(change.shift)
    rows = shares.table().rows
    assert [row["trial"] for row in rows][-2:] == ["acting together", "in all"]


def test_a_trial_that_moved_with_others_is_said_to(found: Diff) -> None:
    """A trial whose rows are the same, but whose SD is that of comparable trials, is told from one that changed."""
    (change,) = [one for one in found.pools if one.name == POOL]
    assert change.attribution is not None
    own = {share.trial: share.own for share in change.attribution.shares}
    assert own["chappell2008"] is True
    assert own["vitton2004"] is True
    assert own["arnold2010d"] is False  # direction only: its SE follows from the SDs that others printed
    assert "follow from those of other trials: " in change.attribution.table().notes[0]


def test_a_renamed_trial_moves_no_pool(rows: Any, write: Any, spec: Path) -> None:
    """Another name for a trial and its row is a change of cells, and every pool stays."""
    names = {"row": "carette_main", "trial": "carette", "study": "Carette et al. 1986"}
    other = [row | names if row["row"] == "carette1986_haeuser_t1" else row for row in rows]
    found = diff(write("old.csv", rows), write("new.csv", other), spec=spec)
    assert found.rows is not None
    assert len(found.rows.cells) == 3
    assert not found.moved


def test_a_correction_of_a_renamed_trial_is_that_trials(rows: Any, write: Any, spec: Path) -> None:
    """A row that keeps its key is the same trial, whatever the trial is called now."""
    change = {"trial": "carette", "mean_active": "4.10", "note": "Corrected: 4.10."}
    other = [row | change if row["row"] == "carette1986_haeuser_t1" else row for row in rows]
    found = diff(write("old.csv", rows), write("new.csv", other), spec=spec)
    (pool_,) = [one for one in found.moved if one.name == POOL]
    assert pool_.attribution is not None
    (share,) = [share for share in pool_.attribution.shares if share.own]
    assert share.old is not None
    assert share.new is not None


def test_a_pool_that_only_one_side_has(rows: Any, write: Any, spec: Path) -> None:
    """Rows of which the old file has none make a pool that was not there, with a note where nothing matched."""
    none = [row | {"comparator_type": "active"} for row in rows if row["row"] == "carette1986_haeuser_t1"]
    found = diff(write("old.csv", none), write("new.csv", rows), spec=spec)
    assert all(change.old is None and change.new is not None for change in found.pools)
    assert "matches no row" in found.notes[0]
    assert {row["old"] for row in found.table().rows} == {"none"}
    assert before_after(found).axes


def test_reports_compare_like_their_data(files: Any, spec: Path, found: Diff, tmp_path: Path) -> None:
    """Two reports, or a report and a file, give the same moves and shares as the two files."""
    folders = []
    for data in files:
        (tmp_path / data.stem).mkdir()
        results = json_text(record(analyse(replace(read_spec(spec), data=data))))
        (tmp_path / data.stem / "results.json").write_text(results, encoding="utf-8")
        folders.append(tmp_path / data.stem)
    for pair in ((folders[0] / "results.json", folders[1]), (folders[0], files[1])):
        other = diff(*pair, spec=spec)
        assert other.rows is None
        assert [one.name for one in other.moved] == [one.name for one in found.moved]
        for one, two in zip(other.moved, found.moved):
            assert one.shift == pytest.approx(two.shift)
            assert one.attribution is not None
            assert two.attribution is not None
            mine, theirs = ({s.trial: s.shift for s in x.attribution.shares} for x in (one, two))  # type: ignore[union-attr]  # as asserted
            assert mine == pytest.approx(theirs)


def test_a_report_by_another_model_is_said_to_differ(files: Any, spec: Path, tmp_path: Path) -> None:
    """When the model differs, the moves are not laid at the data's door alone."""
    paths = []
    for name, tau2 in (("a", "REML"), ("b", "DL")):
        question = replace(read_spec(spec), data=files[0], model=RandomEffects(tau2=tau2))  # type: ignore[arg-type]  # two of its names
        path = tmp_path / f"{name}.json"
        path.write_text(json_text(record(analyse(question))), encoding="utf-8")
        paths.append(path)
    found = diff(*paths)
    assert found.notes == ("the model differs too, so not every move comes from the data",)
    (change,) = [one for one in found.moved if one.name == POOL]
    assert change.attribution is not None
    assert not change.attribution.shares
    assert change.attribution.rest == pytest.approx(change.shift)


def test_specifications_that_fit_are_found(files: Any, tmp_path: Path, spec: Path, monkeypatch: Any) -> None:
    """Without --spec, each analyses/*.toml that matches rows is used, another is passed over, and none is said."""
    monkeypatch.chdir(tmp_path)
    found = diff(*files)
    assert not found.pools
    assert "name one with --spec" in found.notes[0]
    (tmp_path / "analyses").mkdir()
    text = spec.read_text(encoding="utf-8")
    (tmp_path / "analyses" / "fits.toml").write_text(text, encoding="utf-8")
    (tmp_path / "analyses" / "other.toml").write_text(
        text.replace("fibromyalgia", "neuropathic pain"), encoding="utf-8"
    )
    assert {change.analysis for change in diff(*files).pools} == {"fits"}
    with pytest.raises(SpecError, match="matches no row"):
        diff(*files, spec="analyses/other.toml")


def test_layout_has_each_pool_once_or_twice(found: Diff) -> None:
    """A pool that moved has both marks where the numbers say, and all evidence stands in a line of its own."""
    layout = before_after_layout(found)
    lines = {line.name: line for line in layout.panels[0].lines}
    assert set(lines) == {"fibromyalgia", "fibromyalgia, all evidence"}
    line = lines["fibromyalgia"]
    (change,) = [one for one in found.pools if one.name == POOL]
    assert line.moved
    assert line.before is not None
    assert line.after is not None
    assert (line.before.mu, line.after.mu) == (change.old.mu, change.new.mu)  # type: ignore[union-attr]  # both there
    assert line.trials == "5 → 4"
    gids = {a.get_gid(): a for a in before_after(found).findobj() if a.get_gid()}
    assert gids["before-1-1"].get_xdata()[0] == line.before.mu
    assert gids["after-1-1"].get_xdata()[0] == line.after.mu


def test_nothing_to_draw_is_said(unseen: Any, write: Any, spec: Path) -> None:
    """Files of which no trial has an effect have no picture."""
    silent = write("old.csv", [unseen])
    with pytest.raises(DataError, match="nothing to draw"):
        before_after(diff(silent, silent, spec=spec))


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *args: CliRunner().invoke(main, ["diff", *map(str, args)])


def test_command(run: Any, files: Any, spec: Path, tmp_path: Path) -> None:
    """Tables, one JSON document and a picture; exit code 0 though things differ."""
    picture = tmp_path / "moves.svg"
    shown = run(*files, "--spec", spec, "--plot", picture)
    assert shown.exit_code == 0, shown.output
    assert "1 went" in shown.stdout
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    document = json.loads(run(files[1], files[0], "--spec", spec, "--json").stdout)
    assert document["rows"]["came"] == ["vitton2004_haeuser_t24"]
    assert document["pools"][0]["pool"] == POOL
    assert document["pools"][0]["attribution"]["shares"][0]["shift"]


def test_bad_input_is_one_sentence(run: Any, files: Any, spec: Path, tmp_path: Path) -> None:
    """A missing file, a wrong picture name and a wrong specification exit with 2 and write nothing."""
    for args in (
        (tmp_path / "no.csv", files[1]),
        (*files, "--spec", tmp_path / "no.toml"),
        (*files, "--spec", spec, "--plot", tmp_path / "x.gif"),
    ):
        result = run(*args)
        assert result.exit_code == 2
        assert result.stderr.startswith("bupmeta: ")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""
    assert not (tmp_path / "x.gif").exists()


def test_hostile_names_are_text(rows: Any, write: Any, spec: Path) -> None:
    """Markup in a study's name is escaped in HTML and stays characters in the picture."""
    names = {"study": "<script>alert(1)</script> \u202e", "mean_active": "4.10", "note": "4.10"}
    other = [row | names if row["row"] == "carette1986_haeuser_t1" else row for row in rows]
    found = diff(write("old.csv", rows), write("new.csv", other), spec=spec)
    assert "<script" not in found._repr_html_()
    assert "&lt;script&gt;" in found._repr_html_()


def test_counts_have_shares_too() -> None:
    """A pool of counts is redone by its own model with each trial as it was: Mantel-Haenszel of the hybrid tables."""
    old = {"A": (5, 50, 9, 50), "B": (8, 80, 12, 82), "C": (1, 20, 3, 21)}
    new = {"A": (5, 50, 9, 50), "B": (18, 80, 12, 82), "D": (2, 40, 7, 40)}

    def pooled(counts: dict[str, tuple[int, ...]]) -> float:
        return pool(Tables.from_counts(*zip(*counts.values()), list(counts)), MantelHaenszel("RR")).mu

    def state(counts: dict[str, tuple[int, ...]]) -> PoolState:
        numbers = len(counts), len(counts), pooled(counts), (-1.0, 1.0), None, None
        return PoolState("harm (RR)", "RR", "", (), *numbers, None, None, None, False, "MH", counts)

    found = attribute_counts("harm (RR)", state(old), state(new), RandomEffects())
    shares = {share.label: share for share in found.shares}
    assert set(shares) == {"B", "C", "D"}
    assert shares["B"].mu == pytest.approx(pooled({**new, "B": old["B"]}))
    assert shares["C"].mu == pytest.approx(pooled({**new, "C": old["C"]}))
    assert shares["D"].mu == pytest.approx(pooled({key: new[key] for key in "AB"}))
    assert shares["D"].old is None
    assert found.total == pytest.approx(pooled(new) - pooled(old))
    assert [row["old"] for row in found.table().rows if row["trial"] == "B"] == ["8 of 80 against 12 of 82"]


def test_judgements_of_trials_that_came_later_are_no_fault(files: Any, spec: Path, folder: Path) -> None:
    """The file of judgements that a specification names may know trials that the older data do not have."""
    judged = Path(__file__).parents[2] / "data" / "risk_of_bias.csv"
    named = folder / "judged.toml"
    named.write_text(
        f"risk_of_bias = {json.dumps(str(judged))}\n{spec.read_text(encoding='utf-8')}", encoding="utf-8"
    )
    one, other = (diff(*files, spec=path).moved for path in (named, spec))
    assert [(change.name, change.shift) for change in one] == [
        (change.name, change.shift) for change in other
    ]
