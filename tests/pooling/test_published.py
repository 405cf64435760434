"""Published analyses that metafor's own suite asserts (anchors.md D2), to the printed digits.

Printed numbers that are residues of a loose stopping rule (anchors.md D2b) stand here with their true value.
"""

from __future__ import annotations

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.kernels.permutation import permutation_limits, permutation_p
from bupmeta.kernels.quadratic_form import quadratic_form_cdf
from bupmeta.kernels.solve import root


def effects(y, v):
    return bm.Effects.from_arrays(y, v)


def pooled(data, **options):
    return bm.pool(data, bm.RandomEffects(**{"ci": "Wald", "prediction": "none", **options}))


def printed(expected, digits=4):
    return pytest.approx(expected, abs=0.5001 * 10.0**-digits)


# DerSimonian & Kacker 2007, CLASP: tau, mu, se; metafor asserts tau = .0023 for ML, which is exactly 0
CLASP = {
    "PM": (0.3681, -0.3811, 0.2060), "HE": (0.4410, -0.4035, 0.2327), "DL": (0.2323, -0.3240, 0.1540),
    "EB": (0.3681, -0.3811, 0.2060), "REML": (0.1843, -0.2980, 0.1343), "HS": (0.1330, -0.2666, 0.1125),
    "SJ": (0.4572, -0.4079, 0.2386), "HSk": (0.1644, -0.2863, 0.1259), "PMM": (0.4341, -0.4016, 0.2302),
}  # fmt: skip


def clasp(load):
    data = {key: np.array(x) for key, x in load("published_examples")["dersimonian2007"].items()}
    n1, n2, a, c = (data[key] for key in ("n1i", "n2i", "ai", "ci"))
    return effects(np.log(a * (n2 - c) / (c * (n1 - a))), 1 / a + 1 / c + 1 / (n1 - a) + 1 / (n2 - c))


@pytest.mark.parametrize("tau2", CLASP)
def test_dersimonian_kacker_2007(load, tau2):
    """CLASP: tau, mu and se of nine estimators."""
    result = pooled(clasp(load), tau2=tau2)
    assert (np.sqrt(result.tau2), result.mu, result.se) == printed(CLASP[tau2])


def test_clasp_maximum_likelihood_is_zero(load):
    """The likelihood falls from tau2 = 0 on; metafor's .0023 is where its climb stopped."""
    result = pooled(clasp(load), tau2="ML")
    assert result.tau2 == 0
    assert result.gradient < 0
    assert result.status == "tau2 at its boundary"


def test_lipsey_2001(load):
    """Ten studies: common-effect .1549 (.0609), Q 14.7640, p .0976; DL .1534 (.0858), tau2 .025955."""
    found = load("published_examples")["lipsey2001"]
    data = effects(found["yi"], found["vi"])
    common, dl = pooled(data, tau2="EE"), pooled(data, tau2="DL")
    assert (common.mu, common.se, common.q, common.q_p) == printed((0.1549, 0.0609, 14.7640, 0.0976))
    assert (dl.mu, dl.se) == printed((0.1534, 0.0858))
    assert dl.tau2 == printed(0.025955, 6)


def test_normand_1999(load, effects_of):
    """Lidocaine risk differences (percent) and lengths of stay."""
    hine = effects_of("hine1989_rd")
    percent = effects(100 * hine.y, 1e4 * hine.v)
    for tau2 in ("EE", "REML", "DL"):
        result = pooled(percent, tau2=tau2)
        assert (result.mu, *result.ci, result.tau2) == printed((2.9444, 0.3831, 5.5058, 0))
    raw = {key: np.array(value) for key, value in load("normand1999_md")["raw"].items() if key != "measure"}
    n1, n2 = raw["n1i"], raw["n2i"]
    pooled_variance = ((n1 - 1) * raw["sd1i"] ** 2 + (n2 - 1) * raw["sd2i"] ** 2) / (n1 + n2 - 2)
    stay = effects(raw["m1i"] - raw["m2i"], pooled_variance * (1 / n1 + 1 / n2))
    ee, dl, reml = (pooled(stay, tau2=t) for t in ("EE", "DL", "REML"))
    assert (ee.mu, *ee.ci) == printed((-3.4939, -5.0265, -1.9613))
    assert (dl.mu, *dl.ci, dl.tau2) == printed((-14.0972, -24.4454, -3.7490, 218.7216))
    assert (reml.mu, *reml.ci, reml.tau2) == printed((-15.1217, -32.6716, 2.4282, 685.1965))


def test_raudenbush_1985(effects_of):
    """Teacher expectancy: REML .0837, z 1.6208, tau2 .0188, Q 35.8295; Knapp-Hartung se of five estimators."""
    data = effects_of("raudenbush1985")
    reml = pooled(data, prediction="z")
    assert (reml.mu, reml.statistic, reml.tau2, reml.q) == printed((0.0837, 1.6208, 0.0188, 35.8295))
    # .3711 is printed for the upper limit: the residue of a stop at 1e-5 (anchors.md D2b)
    assert reml.prediction == (printed(-0.2036), printed(0.370988, 6))
    assert pooled(data, tau2="EE").mu == printed(0.0604)
    se = {"EE": 0.0515, "ML": 0.0593, "REML": 0.0616, "DL": 0.0636, "HE": 0.0711}
    assert {t: pooled(data, tau2=t, ci="HK").se for t in se} == printed(se)
    drawn = bm.pooling.blups(reml).effect
    assert (drawn.min(), drawn.max()) == printed((-0.0293, 0.2485))


def test_van_houwelingen_2002(effects_of):
    """BCG odds ratios: common effect, maximum likelihood, profile and Q-profile limits, Knapp-Hartung."""
    data = effects_of("bcg_or")
    common, ml = pooled(data, tau2="EE"), pooled(data, tau2="ML", tau2_ci="PL")
    assert np.exp([common.mu, *common.ci]) == printed([0.6465, 0.5951, 0.7024])
    assert np.exp([ml.mu, *ml.ci]) == printed([0.4762, 0.3360, 0.6749])
    assert (ml.tau2, *ml.tau2_ci) == printed((0.3025, 0.1151, 0.8937))
    # .1302 is asserted with a relative tolerance of .01; the reference (tolerance 1e-10) has .130149
    assert pooled(data, tau2="ML").tau2_ci == (printed(0.130149, 6), printed(1.1812))
    assert np.exp(pooled(data, tau2="ML", ci="HK").ci) == printed([0.3175, 0.7141])


VIECHTBAUER_2005 = {
    1: (
        (0.2282, 0.1484, 0.2768, 0.1967, 0.2232, 0.1920, 0.1992),
        (77.2284, 68.7988, 80.4447, 74.5098, 76.8399, 74.0511, 74.7545),
        (4.3914, 3.2050, 5.1137, 3.9231, 4.3178, 3.8537, 3.9611),
        (0.1328, 0.1234, 0.1841, 0.1255, 0.1464, 0.1330, 0.0979),
    ),
    2: (
        (0.0099, 0, 0.0126, 0.0132, 0.0157, 0.0104, 0.0248),
        (22.9266, 0, 27.5275, 28.4505, 32.0203, 23.7198, 42.6734),
        (1.2975, 1, 1.3798, 1.3976, 1.4710, 1.3110, 1.7444),
        (0.0138, 0.0217, 0.0159, 0.0151, 0.0167, 0.0156, 0.0118),
    ),
}  # fmt: skip


@pytest.mark.parametrize("example", VIECHTBAUER_2005)
def test_viechtbauer_2005(load, example):
    """tau2, I2, H2 and se of tau2 of seven estimators, pages 271 and 272 (I2 and H2 through ML stop early)."""
    columns, data = VIECHTBAUER_2005[example], load("published_examples")[f"viechtbauer2005_{example}"]
    results = [
        pooled(effects(data["yi"], data["vi"]), tau2=t) for t in ("HS", "HE", "DL", "ML", "REML", "EB", "SJ")
    ]
    got = zip(*((r.tau2, r.i2, r.h2, r.se_tau2) for r in results), strict=True)
    for values, expected, slack in zip(got, columns, (6e-5, 6e-2, 1e-3, 6e-5), strict=True):
        assert values == pytest.approx(expected, abs=slack)
    closed = [0, 1, 2, 6]  # HS, HE, DL, SJ have no stopping rule
    assert [results[i].i2 for i in closed] == printed([columns[1][i] for i in closed])


def test_viechtbauer_2007_confidence_intervals(effects_of):
    """Diuretics in pregnancy, Table II: Q-profile, profile likelihood of ML and REML, Sidik-Jonkman."""
    data = effects_of("collins1985b_or")
    tau2 = {"DL": 0.2297, "ML": 0.2386, "REML": 0.3008, "SJ": 0.4563}
    assert {t: pooled(data, tau2=t).tau2 for t in tau2} == printed(tau2)
    assert pooled(data, tau2="DL").tau2_ci == printed((0.0723, 2.2027))
    # .0266 is printed: a residue of the stop at 1e-5, as anchors.md D2b infers
    assert pooled(data, tau2="ML", tau2_ci="PL").tau2_ci == (printed(0.026542, 6), printed(1.1308))
    assert pooled(data, tau2="REML", tau2_ci="PL").tau2_ci == printed((0.0427, 1.4747))


def test_viechtbauer_2007_st_johns_wort(effects_of):
    """Seventeen hypericum trials: common effect 1.3840, Q 51.5454; DL 1.5722 (1.3103, 1.8864), tau2 .0903."""
    y, v = effects_of("linde2005_rr").y, effects_of("linde2005_rr").v
    rows = [
        *range(5, 9),
        *range(11, 24),
    ]  # rows 7-10 and 13-25 of the published table, whose row 5 has no effect
    data = effects(y[rows], v[rows])
    common, dl = pooled(data, tau2="EE"), pooled(data, tau2="DL", prediction="z")
    assert np.exp(common.mu) == printed(1.3840)
    assert common.q == printed(51.5454)
    assert np.exp([dl.mu, *dl.ci]) == printed([1.5722, 1.3103, 1.8864])
    assert np.exp(dl.prediction) == printed([0.8488, 2.9120])
    assert dl.tau2 == printed(0.0903)


JACKSON_2014 = {
    1: (
        [0.0267, 0.8242, 0.3930, 2.4405, 2.1401, 1.2528, 2.4849, 0.3087,
        1.4246, 0.1823, 1.1378, 1.2321, 2.0695, 4.0237, 1.4383, 1.6021],
        [0.1285, 0.0315, 0.0931, 2.0967, 1.0539, 0.1602, 1.0235, 0.0218,
        0.5277, 0.0556, 0.3304, 0.1721, 0.4901, 2.0200, 0.3399, 0.1830],
        [0] * 10 + [1] * 6,
        {1.0: (0.0029, 0.6907), 0.5: (0.0, 1.1245)},
    ),
    2: (
        [0.54, 0.4, 0.64, 0.365, 0.835, 0.02, 0.12, 0.085, 1.18, 0.08,
        0.18, 0.325, 0.06, 0.715, 0.065, 0.245, 0.24, 0.06, 0.19],
        [0.0176, 0.019, 0.0906, 0.0861, 0.0063, 0.0126, 0.0126, 0.0041, 0.0759, 0.0126,
        0.0104, 0.0242, 0.0026, 0.2629, 0.0169, 0.0156, 0.0481, 0.0084, 0.0044],
        [1986, 1987, 1988, 1988, 1998, 1999, 2000, 2000, 2000, 2001,
        2001, 2001, 2002, 2002, 2002, 2002, 2003, 2003, 2003],
        {1.0: (0.0170, 0.1393), 0.5: (0.0180, 0.1375)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("example", JACKSON_2014)
@pytest.mark.parametrize("power", [1.0, 0.5])
def test_jackson_2014(example, power):
    """Generalised Q limits of a meta-regression, weights 1/v and 1/sqrt(v): the quadratic form for any design."""
    y, v, x, table = JACKSON_2014[example]
    y, v = np.array(y), np.array(v)
    design = np.column_stack([np.ones(y.size), np.array(x) - np.mean(x)])
    a = np.diag(v**-power)
    p = a - a @ design @ np.linalg.solve(design.T @ a @ design, design.T @ a)

    def tail(tau2):
        s = np.sqrt(v + tau2[:, None])
        weights = np.linalg.eigvalsh(s[:, :, None] * p * s[:, None, :])[:, 2:]
        return 1 - quadratic_form_cdf(y @ p @ y, weights)

    for level, expected in zip((0.025, 0.975), table[power], strict=True):
        if expected == 0:
            assert tail(np.zeros(1))[0] > level
        else:
            found = root(lambda t, level=level: tail(t) - level, np.zeros(1), np.full(1, 10.0))[0]
            # metafor's own root search ends within 1.2e-4
            assert found == pytest.approx(expected, abs=1.23e-4)


def test_follmann_proschan_1999():
    """Cholesterol trials, Peto log odds ratios, DL, the estimate as statistic: p 10/256, CI (-.3677, -.0020).

    The upper end is where p steps past .05; metafor's search ends within 1.2e-4 of it.
    """
    table = [
        (173, 5331, 210, 5296), (157, 1906, 193, 1900), (131, 4541, 121, 4516), (56, 2051, 84, 2030),
        (52, 424, 65, 422), (36, 1149, 42, 1129), (62, 6582, 20, 1663), (2, 88, 2, 30),
    ]  # fmt: skip
    a, n1, c, n2 = np.array(table, dtype=float).T
    n, events = n1 + n2, a + c
    variance = n1 * n2 * events * (n - events) / (n**2 * (n - 1))
    y, v = (a - events * n1 / n) / variance, 1 / variance
    assert permutation_p(y, v, np.zeros(1), "DL", "mu")[0] == 10 / 256
    low, high = permutation_limits(y, v, 0.95, "DL", "mu")
    assert (low, high) == (pytest.approx(-0.3677, abs=1.23e-4), pytest.approx(-0.0020, abs=1.23e-4))


def test_berkey_1995_random_effects(load):
    """Empirical Bayes of the BCG trials: mu -.5429, se .1842, tau2 .2682 (Berkey et al. 1995, table II).

    The variances are smoothed: 1/n times the mean of (tneg/tpos) over trials, as the paper has them.
    """
    raw = {key: np.array(load("bcg_rr")["raw"][key], dtype=float) for key in ("ai", "bi", "ci", "di")}
    v = sum(np.mean(raw[no] / raw[yes]) / (raw[yes] + raw[no]) for yes, no in (("ai", "bi"), ("ci", "di")))
    y = np.log(raw["ai"] / (raw["ai"] + raw["bi"])) - np.log(raw["ci"] / (raw["ci"] + raw["di"]))
    found = pooled(effects(y, v), tau2="EB")
    assert (found.mu, found.se, found.tau2) == printed((-0.5429, 0.1842, 0.2682))


def test_henmi_copas_2010(load):
    """Acupuncture trials (p. 2978): DL .3325, -.6787 (-1.0664, -.2911); their method -.5145 (-.9994, -.0295)."""
    a, n1, c, n2 = (
        np.array(load("published_examples")["lee2004"][key], dtype=float)
        for key in ("ai", "n1i", "ci", "n2i")
    )
    half = 0.5 * ((a == 0) | (c == 0) | (a == n1) | (c == n2))
    cells = a + half, n1 - a + half, c + half, n2 - c + half
    data = effects(np.log(cells[0] * cells[3] / cells[1] / cells[2]), sum(1 / cell for cell in cells))
    usual, theirs = pooled(data, tau2="DL"), pooled(data, tau2="DL", ci="Henmi-Copas")
    assert (usual.tau2, usual.mu, *usual.ci) == printed((0.3325, -0.6787, -1.0664, -0.2911))
    assert (theirs.mu, *theirs.ci) == printed((-0.5145, -0.9994, -0.0295))


def test_konstantopoulos_2011_two_levels(load):
    """School calendars: .1279, se .0439, tau2 .0884, se .0202, Q-profile .0564 to .1388 (metafor's suite).

    The lower limit is .05647: metafor's root stops within 1.2e-4 of it.
    """
    data = load("published_examples")["konstantopoulos2011"]
    found = pooled(effects(data["yi"], data["vi"]))
    assert (found.mu, found.se, found.tau2, found.se_tau2) == printed((0.1279, 0.0439, 0.0884, 0.0202))
    assert found.tau2_ci == pytest.approx((0.0564, 0.1388), abs=1.2e-4)
