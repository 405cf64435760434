"""Do small studies show other effects than large ones? Tests that refuse to speak of too few studies."""

from __future__ import annotations

from bupmeta.bias.rank import RankTest, rank_test
from bupmeta.bias.small_study import FEWEST, PREDICTORS, PredictorName, SmallStudy, small_study

__all__ = ["FEWEST", "PREDICTORS", "PredictorName", "RankTest", "SmallStudy", "rank_test", "small_study"]
