"""A report as one HTML page: blocks are placed in a template, nothing is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bupmeta.plots import svg_text
from bupmeta.report.document import Document, Picture, Tabled
from bupmeta.report.templating import template, template_text

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["html"]


def html(document: Document) -> str:
    """Render the whole page, which loads nothing from anywhere."""
    return template("report.html.j2").render(
        document=document, css=template_text("report.css"), drawing=_drawing, rows=_rows, kind=_kind
    )


def _kind(block: object) -> str:
    return type(block).__name__


def _drawing(picture: Picture) -> Markup:
    from markupsafe import Markup

    # svg_text escapes every text it holds
    return Markup(svg_text(picture.figure, picture.title, picture.says, picture.name))  # noqa: S704


def _rows(block: Tabled) -> Markup:
    from markupsafe import Markup

    # to_html escapes every cell it holds
    return Markup(block.table.to_html())  # noqa: S704
