"""Figures: layouts of numbers and words, then drawings of them; matplotlib loads with this package."""

from __future__ import annotations

# Loaded here and now: a function and its module share a name, and the function must win.
from bupmeta.plots.forest import forest
from bupmeta.plots.forest_layout import forest_layout
from bupmeta.plots.forest_parts import Band, Block
from bupmeta.plots.save import save, svg_text

__all__ = ["Band", "Block", "forest", "forest_layout", "save", "svg_text"]
