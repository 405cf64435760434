"""Simulations as grids of cells: one after the other or side by side, each finished one kept."""

from __future__ import annotations

from bupmeta.cells.checkpoint import Checkpoint
from bupmeta.cells.run import Progress, run_cells, workers

__all__ = ["Checkpoint", "Progress", "run_cells", "workers"]
