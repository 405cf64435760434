"""An Analysis for readers: one HTML page, figures, tables and results.json."""

from __future__ import annotations

from bupmeta.report.tables import summary_table
from bupmeta.report.write import Report, write_report

__all__ = ["Report", "summary_table", "write_report"]
