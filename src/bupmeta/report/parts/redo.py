"""What this report was made from, and the command that makes it again."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Paragraph, Part, Terms

__all__ = ["redo"]


def redo(analysis: Analysis) -> Iterator[Part]:
    """Name program, data and specification with their hashes."""
    spec, judged = analysis.spec, analysis.risk_of_bias
    judgements = () if judged is None else (("Judgements", f"{judged.name}, SHA-256", judged.sha256),)
    terms = Terms(
        (
            ("Command", "from a copy of the project:", f"bupmeta run {'/'.join(spec.path.parts[-2:])}"),
            ("Program", f"bupmeta {analysis.version}", ""),
            ("Data", f"{spec.data.name}, SHA-256", analysis.data_sha256),
            *judgements,
            ("Specification", f"{spec.path.name}, SHA-256", spec.sha256),
            (
                "All numbers",
                "results.json beside this file; tables/ has each table as .csv, figures/ each figure as .svg and .png",
                "",
            ),
        )
    )
    yield Part("redo", "Redo this report", (Paragraph("The same inputs give the same bytes."), terms))
