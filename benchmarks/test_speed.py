"""How fast the kernel is, beside other Python packages in the same run (`make bench`; never part of the suite)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bupmeta import Bayes, Effects, RandomEffects, pool, priors
from bupmeta.kernels import fit
from bupmeta.kernels.censored import censored_fit

BCG = json.loads((Path(__file__).parents[1] / "tests/reference/bcg_rr.json").read_text(encoding="utf-8"))
Y, V = np.array(BCG["yi"]), np.array(BCG["vi"])
SUBSETS = (np.arange(1, 1 << 13)[:, None] >> np.arange(13) & 1).astype(np.int8)


def draws(n: int, k: int = 10) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    v = rng.uniform(0.02, 0.5, (n, k))
    return rng.normal(0, np.sqrt(v + 0.1)), v


def timed(benchmark, fits: int, call, *args, **options):
    """Time a call that makes `fits` fits, and print fits per second beside it."""
    out = benchmark.pedantic(call, args, options, rounds=7, warmup_rounds=1)
    benchmark.extra_info["fits_per_second"] = round(fits / benchmark.stats.stats.min)
    return out


def statsmodels_each(y, v) -> None:
    peer = pytest.importorskip("statsmodels.stats.meta_analysis")
    for a, b in zip(y, v, strict=True):
        peer.combine_effects(a, b, method_re="iterated")


def pimeta_each(y, v) -> None:
    peer = pytest.importorskip("pimeta")
    for a, b in zip(y, v, strict=True):
        peer.rma(a, b, method="REML")


def pymare(y, v) -> None:
    estimators = pytest.importorskip("pymare.estimators")
    model = estimators.VarianceBasedLikelihoodEstimator(method="REML", small_sample_correction="wald")
    model.fit(y.T, v.T, np.ones((y.shape[1], 1)))


@pytest.mark.benchmark(group="one analysis, k = 13")
class TestOne:
    def test_pool_with_every_interval(self, benchmark):
        """REML, HK-adhoc, Q-profile, prediction interval: what a user asks for."""
        timed(benchmark, 1, pool, Effects.from_arrays(Y, V), RandomEffects())

    def test_fit_global(self, benchmark):
        timed(benchmark, 1, fit, Y, V)

    def test_fit_local(self, benchmark):
        timed(benchmark, 1, fit, Y, V, search="local")

    def test_statsmodels_paule_mandel(self, benchmark):
        timed(benchmark, 1, statsmodels_each, Y[None], V[None])

    def test_pimeta_reml(self, benchmark):
        timed(benchmark, 1, pimeta_each, Y[None], V[None])


@pytest.mark.benchmark(group="one posterior, k = 10")
class TestBayes:
    def test_pool_with_every_summary(self, benchmark):
        """Medians, shortest intervals, prediction and each trial's own effect under half-normal(0.5)."""
        y, v = draws(1)
        timed(benchmark, 1, pool, Effects.from_arrays(y[0], v[0]), Bayes(priors.HalfNormal(0.5)))


@pytest.mark.benchmark(group="batches, k = 10 (peers that loop: 100 fits)")
class TestBatch:
    @pytest.mark.parametrize("search", ["global", "local"])
    def test_reml(self, benchmark, search):
        timed(benchmark, 10_000, fit, *draws(10_000), search=search)

    @pytest.mark.parametrize("tau2", ["DL", "PM", "ML"])
    def test_other(self, benchmark, tau2):
        timed(benchmark, 10_000, fit, *draws(10_000), tau2=tau2)

    def test_pymare_reml(self, benchmark):
        timed(benchmark, 10_000, pymare, *draws(10_000))

    def test_statsmodels_paule_mandel(self, benchmark):
        timed(benchmark, 100, statsmodels_each, *draws(100))

    def test_pimeta_reml(self, benchmark):
        timed(benchmark, 100, pimeta_each, *draws(100))


@pytest.mark.benchmark(group="refits by design, REML")
class TestDesigns:
    def test_gosh_all_8191_subsets_of_bcg(self, benchmark):
        timed(benchmark, 8191, fit, Y, V, SUBSETS)

    def test_leave_one_out_of_bcg(self, benchmark):
        timed(benchmark, 13, fit, Y, V, 1 - np.eye(13))

    def test_100_000_bootstrap_samples_of_bcg(self, benchmark):
        counts = np.random.default_rng(0).multinomial(13, np.full(13, 1 / 13), 100_000)
        timed(benchmark, 100_000, fit, Y, V, counts)


@pytest.mark.benchmark(group="10,000 data sets, k = 10, by maximum likelihood")
class TestCensored:
    def test_estimates_and_intervals(self, benchmark):
        """Half of the results that are not significant are known by their bounds only."""
        y, v = draws(10_000)
        c = 1.96 * np.sqrt(v)
        lost = (np.abs(y) < c) & (np.random.default_rng(1).random(y.shape) < 0.5)
        ends = np.where(lost, -c, y), np.where(lost, c, y)
        timed(benchmark, 10_000, censored_fit, *ends, v)

    def test_estimates_alone(self, benchmark):
        y, v = draws(10_000)
        timed(benchmark, 10_000, censored_fit, y, y, v)


GOSH = """
import resource, time, numpy as np
from bupmeta.kernels import fit
rng = np.random.default_rng(0)
v = rng.uniform(0.02, 0.5, 20)
y = rng.normal(0, np.sqrt(v + 0.1))
m = (np.arange(1 << 20, dtype=np.int32)[:, None] >> np.arange(20, dtype=np.int32) & 1).astype(np.int8)
start = time.perf_counter()
fit(y, v, m)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


@pytest.mark.benchmark(group="whole processes")
class TestProcess:
    def test_gosh_of_20_studies(self, benchmark):
        """All 2^20 subsets by global REML, in a process of its own: seconds and peak memory are printed."""
        seconds, megabytes = map(float, benchmark.pedantic(run, [GOSH], rounds=1).split())
        benchmark.extra_info.update(seconds=round(seconds, 2), peak_megabytes=round(megabytes))
        print(f"2^20 subsets: {seconds:.2f} s, peak {megabytes:.0f} MB")

    def test_start_python(self, benchmark):
        benchmark.pedantic(run, ["pass"], rounds=7, warmup_rounds=1)

    def test_import_bupmeta(self, benchmark):
        benchmark.pedantic(run, ["import bupmeta"], rounds=7, warmup_rounds=1)

    def test_import_numpy(self, benchmark):
        benchmark.pedantic(run, ["import numpy"], rounds=7, warmup_rounds=1)

    def test_import_the_kernel(self, benchmark):
        benchmark.pedantic(run, ["import bupmeta.kernels"], rounds=7, warmup_rounds=1)
