"""risk_of_bias.csv: judgements that somebody published of the trials; what nobody judged is not assessed."""

from __future__ import annotations

from bupmeta.trials.risk_of_bias.read import read_risk_of_bias
from bupmeta.trials.risk_of_bias.records import Assessment, Judgement, RiskOfBias, shares
from bupmeta.trials.risk_of_bias.words import OVERALL, TOOLS, Judged, JudgementName, Tool, ToolName

__all__ = ["OVERALL", "TOOLS", "Assessment", "Judged", "Judgement", "JudgementName", "RiskOfBias", "Tool"]
__all__ += ["ToolName", "read_risk_of_bias", "shares"]
