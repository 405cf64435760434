"""Binomial-normal models of K 2x2 tables: log odds ratios are normal with mean mu and variance tau2.

Jackson, Law, Stijnen, Viechtbauer & White 2018, Stat. Med. 37, 1059 compares them; the names are metafor's. Each
function returns the log-likelihood of every table, (N, K), at N points of the parameters, whose first two are mu and
tau. A likelihood is even in tau, so tau needs no bound: its maximum at 0 is an ordinary one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import expit

from bupmeta.kernels.quadrature import Terms, integrate, nodes
from bupmeta.kernels.table_likelihoods import approximate, exact, log_choose, log_one_plus_exp
from bupmeta.kernels.tables import Cells
from bupmeta.kernels.weighted import FloatArray

__all__ = ["GLMM", "Contributions", "GlmmName"]

GlmmName = Literal["UM.FS", "UM.RS", "CM.EL", "CM.AL"]
Contributions = Callable[[FloatArray], FloatArray]


def conditional(terms: Callable[[Cells], Terms]) -> Callable[[Cells, int], Contributions]:
    """Return the model in which the study effects are conditioned away; parameters mu, tau."""

    def model(t: Cells, points: int) -> Contributions:
        of = terms(t)
        return lambda x: integrate(of, x[:, :1] + np.zeros(len(t.a)), x[:, 1:2], points)

    return model


def _constant(t: Cells) -> FloatArray:
    return log_choose(t.n1, t.a) + log_choose(t.n2, t.c)


def fixed_study_effects(t: Cells, points: int) -> Contributions:
    """Return UM.FS: each study has its own level, profiled out; the groups lie (mu + u)/2 above and below it.

    Parameters mu, tau. The integrated likelihood of a level is log-concave, so that Newton's method finds its only
    maximum, with derivatives that are means over the same nodes.
    """
    constant = _constant(t)
    nodes_x, log_w = (part[:, None, None] for part in nodes(points))
    start = np.log((t.a + t.c + 0.5) / (t.b + t.d + 0.5))

    def contributions(x: FloatArray) -> FloatArray:
        mu, tau = x[:, :1], x[:, 1:2]
        level, z = np.broadcast_to(start, (len(x), start.size)).copy(), np.zeros((len(x), start.size))
        for turn in range(40):
            for _ in range(50):
                delta = (mu + tau * z) / 2
                p1, p2 = expit(level + delta), expit(level - delta)
                curvature = 1 + tau * tau / 4 * (t.n1 * p1 * (1 - p1) + t.n2 * p2 * (1 - p2))
                move = np.clip((tau / 2 * ((t.a - t.n1 * p1) - (t.c - t.n2 * p2)) - z) / curvature, -3, 3)
                z = z + move
                if np.abs(move).max(initial=0.0) < 1e-9:
                    break
            scale = 1 / np.sqrt(curvature)
            at = z + scale * nodes_x
            delta = (mu + tau * at) / 2
            one, two = level + delta, level - delta
            g = t.a * one - t.n1 * log_one_plus_exp(one) + t.c * two - t.n2 * log_one_plus_exp(two)
            g += log_w - at * at / 2
            top = g.max(0)
            weight = np.exp(g - top)
            total = weight.sum(0)
            weight /= total
            p1, p2 = expit(one), expit(two)
            score = t.a - t.n1 * p1 + t.c - t.n2 * p2
            slope = (weight * score).sum(0)
            bend = (weight * (t.n1 * p1 * (1 - p1) + t.n2 * p2 * (1 - p2) - (score - slope) ** 2)).sum(0)
            step = np.clip(slope / np.maximum(bend, 1e-8), -2, 2)
            if np.abs(step).max(initial=0.0) < 1e-7:  # the height errs by the square of it
                break
            level = level + step * (1.0 if turn < 12 else 0.5)  # where few nodes make it swing
        out: FloatArray = constant + np.log(scale) + top + np.log(total)
        return out

    return contributions


def random_study_effects(t: Cells, points: int) -> Contributions:
    """Return UM.RS: the levels of the studies are normal too, independent of the effects.

    Parameters mu, tau, mean level, standard deviation of the levels. One point is Laplace's approximation, which
    metafor uses; the default rule is a product of two.
    """
    constant = _constant(t)
    x, log_w = nodes(points)
    first, second = (part.reshape(-1, 1, 1) for part in np.meshgrid(x, x))
    log_w = (log_w[:, None] + log_w).reshape(-1, 1, 1)

    def contributions(x: FloatArray) -> FloatArray:
        mu, tau, level, sigma = (x[:, i : i + 1] for i in range(4))
        u, z = np.zeros((len(x), len(t.a))), np.zeros((len(x), len(t.a)))
        for _ in range(100):
            middle, delta = level + sigma * u, (mu + tau * z) / 2
            p1, p2 = expit(middle + delta), expit(middle - delta)
            e1, e2, w1, w2 = t.a - t.n1 * p1, t.c - t.n2 * p2, t.n1 * p1 * (1 - p1), t.n2 * p2 * (1 - p2)
            h11, h22 = 1 + sigma**2 * (w1 + w2), 1 + tau**2 * (w1 + w2) / 4
            h12 = sigma * tau * (w1 - w2) / 2
            det = h11 * h22 - h12**2
            g1, g2 = sigma * (e1 + e2) - u, tau * (e1 - e2) / 2 - z
            du, dz = (h22 * g1 - h12 * g2) / det, (h11 * g2 - h12 * g1) / det
            cut = np.maximum(np.maximum(np.abs(du), np.abs(dz)) / 3, 1.0)
            u, z = u + du / cut, z + dz / cut
            if max(np.abs(du).max(initial=0.0), np.abs(dz).max(initial=0.0)) < 1e-9:
                break
        # inverse curvature = L L', L lower triangular
        l11 = np.sqrt(h22 / det)
        l21 = -h12 / det / l11
        l22 = 1 / np.sqrt(h22)
        us, zs = u + l11 * first, z + l21 * first + l22 * second
        middle, delta = level + sigma * us, (mu + tau * zs) / 2
        one, two = middle + delta, middle - delta
        g = t.a * one - t.n1 * log_one_plus_exp(one) + t.c * two - t.n2 * log_one_plus_exp(two)
        g += log_w - (us * us + zs * zs) / 2
        top = g.max(0)
        out: FloatArray = constant - 0.5 * np.log(det) + top + np.log(np.exp(g - top).sum(0))
        return out

    return contributions


#: Model -> contributions of tables to the log-likelihood, with a number of quadrature points.
GLMM: dict[GlmmName, Callable[[Cells, int], Contributions]] = {
    "UM.FS": fixed_study_effects,
    "UM.RS": random_study_effects,
    "CM.EL": conditional(exact),
    "CM.AL": conditional(approximate),
}
