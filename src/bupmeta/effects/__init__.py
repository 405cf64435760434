"""From what a report printed to an effect size."""

from __future__ import annotations

from bupmeta.effects.core import Effects, Origin, Silent

__all__ = ["Effects", "Origin", "Silent"]
