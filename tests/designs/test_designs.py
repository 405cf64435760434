"""Designs say which studies are in each data set."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import comb
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bupmeta import designs
from bupmeta.designs.values import MOST, ORDERS, Order
from bupmeta.effects import Effects, Origin
from bupmeta.errors import DataError, ModelError


def effects(k: int, seed: int = 0, years: bool = False) -> Effects:
    rng = np.random.default_rng(seed)
    origin = [Origin(year=int(year)) for year in rng.integers(1990, 2020, k)] if years else ()
    return Effects.from_arrays(rng.normal(size=k), rng.uniform(0.01, 1, k), origin=origin)


@given(st.integers(2, 9), st.integers(1, 8))
@settings(max_examples=30, deadline=None)
def test_leave_out_omits_each_choice_once(k: int, size: int) -> None:
    """Every row lacks `size` studies, no two rows lack the same ones, and there are C(k, size) of them."""
    if size >= k:
        with pytest.raises(ModelError, match="at least one study must stay"):
            designs.leave_k_out(size).sets(effects(k))
        return
    m = designs.leave_k_out(size).sets(effects(k)).counts()
    assert m.shape == (comb(k, size), k)
    assert (m.sum(axis=1) == k - size).all()
    assert len(np.unique(m, axis=0)) == len(m)
    assert set(np.unique(m)) <= {0.0, 1.0}


def test_leave_one_out_is_one_minus_the_identity() -> None:
    """Row i lacks study i, and says so."""
    sets = designs.leave_one_out().sets(effects(4))
    assert (sets.counts() == 1 - np.eye(4)).all()
    assert sets.labels[2] == "without study 3"


def test_the_jackknife_makes_the_data_sets_of_leave_k_out() -> None:
    """`jackknife` is another name for the same value."""
    assert designs.jackknife() == designs.leave_one_out()
    assert designs.jackknife(2) == designs.leave_k_out(2)


@given(st.integers(1, 12), st.sampled_from(get_args(Order)), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_cumulative_adds_one_study_at_a_time_in_order(k: int, order: Order, seed: int) -> None:
    """Row i has i + 1 studies and contains row i - 1; the studies enter by the key of the order."""
    data = effects(k, seed, years=True)
    m = designs.cumulative(order).sets(data).counts()
    assert (m.sum(axis=1) == np.arange(1, k + 1)).all()
    entered = np.diff(m, axis=0, prepend=0)
    assert (entered >= 0).all()
    keys = np.asarray(ORDERS[order](data))[entered.argmax(axis=1)]
    assert (np.diff(keys) >= 0).all()


def test_cumulative_takes_a_sequence_of_labels() -> None:
    """The order may name the studies; a repeated, missing or unknown name is refused."""
    data = Effects.from_arrays([1, 2, 3], [1, 1, 1], list("abc"))
    assert designs.cumulative(["c", "a", "b"]).sets(data).labels == ("c", "+ a", "+ b")
    for wrong, named in ((["c", "a"], "b"), (["c", "a", "b", "b"], "b"), (["c", "a", "x"], "x")):
        with pytest.raises(DataError, match=f"look at .*{named}"):
            designs.cumulative(wrong).sets(data)


def test_cumulative_refuses_an_unknown_order_and_a_missing_year() -> None:
    """Each refusal names what is wrong."""
    with pytest.raises(DataError, match="no order 'size'"):
        designs.cumulative("size")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(DataError, match="'study 1' has no year"):
        designs.cumulative("year").sets(effects(3))


def test_the_orders_are_those_of_the_type() -> None:
    """The Literal names exactly the registry's keys."""
    assert set(get_args(Order)) == set(ORDERS)


def test_ties_in_an_order_stay_as_listed() -> None:
    """Studies with equal effects enter in the order of the table."""
    data = Effects.from_arrays([1, 0, 1, 0], [1, 1, 1, 1], list("abcd"))
    assert designs.cumulative("effect").sets(data).labels == ("b", "+ d", "+ a", "+ c")


@given(st.integers(2, 300), st.integers(1, 40), st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_bootstrap_rows_add_up_to_the_number_of_studies(k: int, n: int, seed: int) -> None:
    """Each resample draws k studies with replacement, the same ones for the same seed."""
    m = designs.bootstrap(n, seed).sets(effects(k)).counts()
    assert m.shape == (n, k)
    assert (m.sum(axis=1) == k).all()
    assert (m == designs.bootstrap(n, seed).sets(effects(k)).counts()).all()


def test_bootstrap_reads_its_seed_and_refuses_no_resamples() -> None:
    """Another seed gives other resamples."""
    data = effects(6)
    one, two = (designs.bootstrap(50, seed).sets(data).counts() for seed in (0, 1))
    assert (one != two).any()
    assert one.mean(axis=0) == pytest.approx(1, abs=0.45)  # 3 SD of a mean of 50 counts of variance 5/6
    for n in (0, MOST + 1):
        with pytest.raises(ModelError, match="a bootstrap needs"):
            designs.bootstrap(n).sets(data)


@given(st.integers(1, 12))
@settings(max_examples=12, deadline=None)
def test_subsets_are_all_the_non_empty_ones(k: int) -> None:
    """There are 2^k - 1, all different; each study is in 2^(k - 1) of them; `has` reads the masks."""
    data = effects(k)
    sets = designs.subsets().sets(data)
    m = sets.counts()
    assert m.shape == (2**k - 1, k)
    assert (m @ 2.0 ** np.arange(k) == np.arange(1, 2**k)).all()
    for i, study in enumerate(data.labels):
        assert (sets.has(study) == m[:, i]).all()
    assert sets.labels[-1] == " + ".join(data.labels)


@given(st.integers(3, 70), st.integers(0, 5))
@settings(max_examples=20, deadline=None)
def test_beyond_the_limit_subsets_are_a_seeded_sample(k: int, seed: int) -> None:
    """A sample has the size asked for, no empty one, half the studies on average, and reads its seed."""
    data = effects(k)
    m = designs.subsets(limit=6, sample=400, seed=seed).sets(data).counts()
    assert m.shape == (400, k)
    assert m.any(axis=1).all()
    # mean over all non-empty subsets: k 2^(k-1)/(2^k - 1); SD of one is sqrt(k)/2, so 6 SE of 400
    assert m.sum(axis=1).mean() == pytest.approx(k / 2 / (1 - 0.5**k), abs=6 * np.sqrt(k) / 2 / 20)
    assert (m != designs.subsets(limit=6, sample=400, seed=seed + 1).sets(data).counts()).any()


def test_the_limit_decides_between_all_and_a_sample() -> None:
    """With 15 subsets, a limit of 15 takes all and a limit of 14 samples; sizes out of range are refused."""
    data = effects(4)
    assert len(designs.subsets(limit=15, sample=3).sets(data)) == 15
    assert len(designs.subsets(limit=14, sample=3).sets(data)) == 3
    for limit, sample in ((0, 1), (1, 0), (MOST + 1, 1), (1, MOST + 1)):
        with pytest.raises(ModelError, match="a limit and a sample"):
            designs.subsets(limit, sample).sets(data)


def test_groups_follow_the_labels() -> None:
    """Each group holds the studies that name it; a group per study is needed."""
    sets = designs.groups(["x", "y", "x"]).sets(effects(3))
    assert sets.labels == ("x", "y")
    assert sets.counts().tolist() == [[1, 0, 1], [0, 1, 0]]
    with pytest.raises(DataError, match="name 3 studies, but there are 4"):
        designs.groups(["x", "y", "x"]).sets(effects(4))
    with pytest.raises(DataError, match="no group labels"):
        designs.groups([])


@pytest.mark.parametrize("matrix", [[[0, 0]], [[-1, 1]], [[0.5, 1]], [[np.nan, 1]], [1, 1], np.empty((0, 2))])
def test_membership_refuses_counts_that_cannot_be(matrix: object) -> None:
    """Counts are whole and at least 0, a data set is never empty, and a matrix has two axes."""
    with pytest.raises(DataError):
        designs.membership(matrix, ["only"])  # type: ignore[arg-type]  # the point of the test


def test_membership_keeps_large_counts_and_names() -> None:
    """A study may be counted more than 255 times."""
    sets = designs.membership([[300, 1]], ["many"]).sets(effects(2))
    assert sets.counts().tolist() == [[300, 1]]
    assert sets.has("study 2").tolist() == [True]
    with pytest.raises(DataError, match="no study 'study 9'"):
        sets.has("study 9")


def test_leaving_out_too_many_at_once_is_refused_before_it_fills_the_memory() -> None:
    """C(60, 30) data sets are not tried."""
    with pytest.raises(ModelError, match="118,264,581,564,861,424"):  # C(60, 30)
        designs.leave_k_out(30).sets(effects(60))


@pytest.mark.parametrize(
    ("design", "title"),
    [
        (designs.leave_one_out(), "Leave-one-out"),
        (designs.leave_k_out(2), "Leave-2-out"),
        (designs.cumulative("year"), "Cumulative, order: year"),
        (designs.cumulative(["a"]), "Cumulative, order: as given"),
        (designs.bootstrap(2000), "Bootstrap, 2,000 resamples, seed 0"),
        (designs.subsets(), "Subsets of the studies (GOSH)"),
        (designs.groups(["a"]), "Groups"),
        (designs.membership([[1]], ["a"]), "Given data sets"),
    ],
)
def test_each_design_has_a_title(design: designs.Design, title: str) -> None:
    """A caption can name every design."""
    assert design.title == title


def test_a_million_subsets_take_three_bytes_each() -> None:
    """Data sets are held as bit masks and unpacked in chunks."""
    sets = designs.subsets().sets(effects(20))
    assert len(sets) == 2**20 - 1
    assert sets.store.nbytes == 3 * len(sets)
    assert sets.counts(2**10 - 2, 2**10).sum(axis=1).tolist() == [10, 1]  # masks 2^10 - 1 and 2^10


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: designs.leave_k_out(-1), "leave out is -1; it must be a whole number of at least 1"),
        (lambda: designs.leave_k_out(1.5), "leave out is 1.5; it must be a whole number"),
        (lambda: designs.leave_k_out("a"), "leave out is 'a'; it must be a whole number"),
        (lambda: designs.bootstrap(10.5), "resamples is 10.5; it must be a whole number"),
        (lambda: designs.bootstrap(seed=-1), "the seed is -1; it must be a whole number of at least 0"),
        (lambda: designs.bootstrap(seed="x"), "the seed is 'x'; it must be a whole number"),
        (lambda: designs.subsets(limit=10.5), "limit is 10.5; it must be a whole number"),
        (lambda: designs.cumulative(3), "the order must be a sequence, not 3"),
        (lambda: designs.cumulative([1, 2, 3]), "the order must hold the labels of studies, not 1"),
        (lambda: designs.membership("abc", ["a"]), "a membership needs rows of numbers"),
        (lambda: designs.membership([[1, 1], [1]], ["a", "b"]), "a membership needs rows of numbers"),
        (lambda: designs.membership([[1, 1]], 3), "the labels must be a sequence, not 3"),
        (lambda: designs.membership([[1e20, 1]], ["a"]), "whole counts from 0 to"),
        (lambda: designs.groups(None), "the group labels must be a sequence, not None"),
    ],
)
def test_what_is_no_design_is_refused_in_a_sentence(make: Callable[[], object], said: str) -> None:
    """A wrong type or number is a DataError that repeats it."""
    with pytest.raises(DataError, match=re.escape(said)):
        make()


def test_one_study_is_not_resampled() -> None:
    """Every resample of one study is that study."""
    with pytest.raises(ModelError, match="a bootstrap needs two studies"):
        designs.bootstrap(5).sets(Effects.from_arrays([0.1], [0.2]))
