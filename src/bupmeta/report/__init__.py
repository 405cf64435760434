"""An Analysis for readers: a document in every format, figures, tables and all numbers."""

from __future__ import annotations

from bupmeta.report.formats import chosen
from bupmeta.report.tables import summary_table
from bupmeta.report.write import Report, write_report

__all__ = ["Report", "chosen", "summary_table", "write_report"]
