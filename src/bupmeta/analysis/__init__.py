"""AnalysisSpec in, Analysis out: the one pipeline behind library, command line and notebooks."""

from __future__ import annotations

from bupmeta.analysis.pipeline import analyse
from bupmeta.analysis.read_spec import read_spec
from bupmeta.analysis.record import headline, record
from bupmeta.analysis.results import Alternative, Analysis, Evidence, Pool, Section
from bupmeta.analysis.spec import AnalysisSpec

__all__ = ["Alternative", "Analysis", "AnalysisSpec", "Evidence", "Pool", "Section", "analyse"]
__all__ += ["headline", "read_spec", "record"]
