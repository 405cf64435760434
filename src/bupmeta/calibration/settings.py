"""What is drawn: trials about mu = 0, how many, how much their true effects vary, and how precise each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from bupmeta.kernels import FloatArray

__all__ = ["LARGE", "SMALL", "Precisions", "Setting"]

#: Variances alike; one trial ten times as large as the others; one a tenth of the others.
Precisions: TypeAlias = Literal["equal", "one large", "one small"]
SMALL, LARGE = 0.1, 0.01  # variances of an SMD with 20 and with 200 patients per arm


@dataclass(frozen=True, slots=True)
class Setting:
    """One cell of the grid: `k` trials whose true effects have standard deviation `tau` (that of an SMD)."""

    k: int
    tau: float
    precisions: Precisions

    @property
    def name(self) -> str:
        """What the cell is called in a checkpoint."""
        return f"k={self.k}, tau={self.tau!r}, precisions={self.precisions}"

    @property
    def v(self) -> FloatArray:
        """Variances of the trials, (k,).

        >>> Setting(3, 0.0, "one large").v.tolist()
        [0.01, 0.1, 0.1]
        """
        v = np.full(self.k, LARGE if self.precisions == "one small" else SMALL)
        if self.precisions != "equal":
            v[0] = LARGE if self.precisions == "one large" else SMALL
        return v

    def draw(self, n: int, seed: int) -> FloatArray:
        """Draw `n` data sets, (n, k); they depend on the setting and on `seed` alone."""
        words = np.array([self.tau]).view(np.uint32).tolist()
        rng = np.random.default_rng([seed, self.k, get_args(Precisions).index(self.precisions), *words])
        out: FloatArray = np.sqrt(self.v + self.tau**2) * rng.standard_normal((n, self.k))
        return out
