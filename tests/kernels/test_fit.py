"""The shape of a batch, the status of its rows and what is refused."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from typing import get_args

import numpy as np
import pytest

from bupmeta.kernels import TAU2, Fit, Status, Tau2Name, fit, generalised_q, se_tau2
from bupmeta.kernels.precision import SE_TAU2
from bupmeta.kernels.weighted import CHUNK

Y, V = np.array([0.1, 0.9, -0.4, 0.3]), np.array([0.04, 0.09, 0.01, 0.2])
FIELDS = Fit.__slots__


def same(a: Fit, b: Fit, **tolerance) -> None:
    for name in FIELDS:
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), err_msg=name, **tolerance)


def test_names_and_registries_are_one_list():
    assert get_args(Tau2Name) == tuple(TAU2)
    assert set(SE_TAU2) == set(TAU2)


@pytest.mark.parametrize("method", TAU2)
def test_one_data_set_gives_scalars_and_a_batch_its_own_shape(method):
    one, batch = fit(Y, V, tau2=method), fit(np.tile(Y, (2, 3, 1)), V, tau2=method)
    for name in FIELDS:
        assert getattr(one, name).shape == ()
        assert getattr(batch, name).shape == (2, 3)
        np.testing.assert_array_equal(getattr(batch, name), getattr(one, name))
    assert one.status.dtype == np.int8


@pytest.mark.parametrize("method", TAU2)
def test_a_batch_that_spans_pieces_equals_the_loop(method):
    rng = np.random.default_rng(1)
    n = CHUNK // 4 + 5
    y, v, m = rng.normal(size=(n, 4)), rng.uniform(0.01, 1, (n, 4)), rng.integers(0, 3, (n, 4))
    batch = fit(y, v, m, tau2=method)
    for i in [0, 1, 2, CHUNK // 4 - 1, CHUNK // 4, n - 1]:
        row = Fit(*(getattr(batch, name)[i] for name in FIELDS))
        same(row, fit(y[i], v[i], m[i], tau2=method), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("shared", ["y", "v", "m", "y and v", "all"])
def test_arrays_that_every_data_set_shares_give_what_their_copies_give(shared):
    rng = np.random.default_rng(2)
    y, v, m = rng.normal(size=(5, 4)), rng.uniform(0.01, 1, (5, 4)), rng.integers(1, 3, (5, 4))
    y = y[0] if "y" in shared or shared == "all" else y
    v = v[0] if "v" in shared or shared == "all" else v
    m = m[:1] if "m" in shared or shared == "all" else m
    copies = (np.array(np.broadcast_to(x, (5, 4))) for x in (y, v, m))
    shape = () if shared == "all" else (5,)
    lean = fit(y, v, m[0] if shared == "all" else m)
    assert lean.mu.shape == shape
    same(lean, fit(*copies), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("method", TAU2)
def test_m_two_is_listing_twice_and_m_zero_is_leaving_out(method):
    m = np.array([2, 1, 0, 1])
    listed = [0, 0, 1, 3]
    same(fit(Y, V, m, tau2=method), fit(Y[listed], V[listed], tau2=method), rtol=1e-11)
    tau2 = fit(Y, V, m, tau2=method).tau2
    np.testing.assert_allclose(
        se_tau2(Y, V, m, method=method, tau2=tau2),
        se_tau2(Y[listed], V[listed], method=method, tau2=tau2),
        rtol=1e-11,
    )


@pytest.mark.parametrize("method", TAU2)
def test_an_absent_study_may_hold_anything(method):
    odd_y, odd_v = [*Y, np.nan, 1.0, np.inf], [*V, 0.1, -1.0, np.nan]
    m = [1, 1, 1, 1, 0, 0, 0]
    same(fit(odd_y, odd_v, m, tau2=method), fit(Y, V, tau2=method), rtol=1e-12)


@pytest.mark.parametrize("method", TAU2)
def test_one_study_is_reported_as_it_is(method):
    one = fit([0.7], [0.2], tau2=method)
    assert (one.mu, one.var, one.tau2, one.q, one.k) == (0.7, 0.2, 0, 0, 1)
    assert np.isnan([one.scale, one.typical_v, se_tau2([0.7], [0.2], method=method, tau2=0)]).all()
    assert one.status == (Status.OK if method == "EE" else Status.BOUNDARY)


@pytest.mark.parametrize("method", TAU2)
def test_a_row_without_studies_is_nan_and_disturbs_no_other(method):
    batch = fit(Y, V, [[0, 0, 0, 0], [1, 1, 1, 1]], tau2=method)
    assert batch.status[0] == Status.TOO_FEW
    assert batch.k[0] == 0
    assert all(np.isnan(getattr(batch, name)[0]) for name in FIELDS if name not in ("k", "status"))
    same(Fit(*(getattr(batch, name)[1] for name in FIELDS)), fit(Y, V, tau2=method), rtol=1e-12)


@pytest.mark.parametrize("bad", [(np.nan, 0.1), (np.inf, 0.1), (0.2, 0.0), (0.2, -1.0), (0.2, np.inf)])
@pytest.mark.parametrize("method", TAU2)
def test_a_study_that_cannot_be_right_is_never_a_silent_number(method, bad):
    y, v = np.tile(Y, (2, 1)), np.tile(V, (2, 1))
    y[0, 1], v[0, 1] = bad
    batch = fit(y, v, tau2=method)
    assert batch.status[0] == Status.NOT_CONVERGED
    assert np.isnan([batch.mu[0], batch.tau2[0], batch.var[0], batch.q[0]]).all()
    same(Fit(*(getattr(batch, name)[1] for name in FIELDS)), fit(Y, V, tau2=method), rtol=1e-12)


def test_a_batch_of_nothing_is_nothing():
    assert fit(np.empty((0, 3)), np.ones(3)).mu.shape == (0,)
    assert (fit(np.empty((2, 0)), np.empty((2, 0))).status == Status.TOO_FEW).all()


@pytest.mark.parametrize("method", TAU2)
def test_studies_that_agree_exactly_have_no_heterogeneity(method):
    alike = fit(np.full(4, 1.5), V, tau2=method)
    assert alike.tau2 == 0
    assert float(alike.mu) == pytest.approx(1.5, rel=1e-15)


def test_tau2_may_be_given_per_data_set():
    n = CHUNK // 4 + 3  # more than one piece
    given = np.linspace(0, 1, n)
    batch = fit(np.tile(Y, (n, 1)), V, tau2=given)
    np.testing.assert_array_equal(batch.tau2, given)
    assert batch.status.tolist() == [Status.OK] * n
    assert float(batch.var[-1]) == pytest.approx(1 / (1 / (V + 1)).sum(), rel=1e-14)
    assert float(fit(Y, V, tau2=0.25).tau2) == 0.25


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match=r"REMLL.*choose from EE, DL"):
        fit(Y, V, tau2="REMLL")
    with pytest.raises(ValueError, match="global or local, not 'lokal'"):
        fit(Y, V, search="lokal")
    with pytest.raises(ValueError, match="negative"):
        fit(Y, V, tau2=-0.1)
    with pytest.raises(ValueError, match="one axis"):
        fit(1.0, 0.1)


def test_a_design_of_small_integers_is_not_copied_whole():
    """All subsets of 20 studies by REML: the working arrays stay far below the 160 MB of m as floats."""
    m = (np.arange(1 << 16)[:, None] >> np.arange(20) & 1).astype(np.int8)
    y, v = np.random.default_rng(0).normal(size=20), np.full(20, 0.1)
    tracemalloc.start()
    fit(y, v, m)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16e6


def test_generalised_q_has_dl_and_he_as_special_cases():
    m = np.array([[1, 1, 1, 1], [2, 0, 1, 1], [0, 0, 0, 0]])
    np.testing.assert_allclose(generalised_q(Y, V, m, a=1 / V), fit(Y, V, m, tau2="DL").tau2, rtol=1e-12)
    np.testing.assert_allclose(generalised_q(Y, V, m, a=np.ones(4)), fit(Y, V, m, tau2="HE").tau2, rtol=1e-12)


def test_the_kernel_loads_nothing_heavy():
    code = "import sys, bupmeta.kernels; print({'scipy', 'pandas', 'matplotlib'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "set()"
