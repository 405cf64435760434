"""Files of other programs: scripts that redo the numbers elsewhere, and data of theirs as rows of trials.csv."""

from __future__ import annotations

from bupmeta.exchange.importing import Imported, import_file
from bupmeta.exchange.r_script import r_script, r_script_of_pool

__all__ = ["Imported", "import_file", "r_script", "r_script_of_pool"]
