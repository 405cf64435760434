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
        document=document, css=_raw(template_text("report.css")), drawing=_drawing, rows=_rows, kind=_kind
    )


def _kind(block: object) -> str:
    return type(block).__name__


def _drawing(picture: Picture) -> Markup:
    return _raw(svg_text(picture.figure, picture.title, picture.says, picture.name))


def _rows(block: Tabled) -> Markup:
    return _raw(block.table.to_html())


def _raw(text: str) -> Markup:
    """Text that goes into the page as it is: a file of the templates folder, or what escapes all that it holds."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - the three callers above are all there are
