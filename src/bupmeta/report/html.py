"""A report as one HTML page: blocks are placed in a template, nothing is computed."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from bupmeta.plots import inline_svg
from bupmeta.report.characters import on_the_web
from bupmeta.report.document import Document, Explorer, Picture, Tabled, walk
from bupmeta.report.drawings import Drawings
from bupmeta.report.slices import inline_slices
from bupmeta.report.templating import template, template_text

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["html"]


def html(document: Document, drawings: Drawings) -> str:
    """Render the whole page, which loads nothing from anywhere; its script, where it needs one, runs by its hash."""

    def drawing(picture: Picture) -> Markup:
        svg = inline_svg(drawings[picture.name].svg, picture.title, picture.says, picture.name)
        cut = inline_slices(svg)
        both = f'<div class="tall">{svg}</div><div class="slices" aria-hidden="true">{cut}</div>'
        return _raw(both if cut else svg)

    script = template_text("report.js") if any(walk(document, Explorer)) else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return template("report.html.j2").render(
        document=document,
        css=_raw(template_text("report.css")),
        script=_raw(script),
        digest=digest,
        drawing=drawing,
        rows=_rows,
        payload=_payload,
        kind=_kind,
        on_the_web=on_the_web,
    )


def _payload(block: Explorer) -> Markup:
    text = json.dumps(block.data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return _raw(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _kind(block: object) -> str:
    return type(block).__name__


def _rows(block: Tabled) -> Markup:
    return _raw(block.table.to_html())


def _raw(text: str) -> Markup:
    """Text that goes into the page as it is: a file of the templates folder, or what escapes all that it holds."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - for the callers in this file alone
