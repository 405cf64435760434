"""Templates of the report: words in files of their own, filled by jinja2."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["template", "template_text"]


def template_text(name: str) -> str:
    """Read one file of the templates folder."""
    return (files("bupmeta.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """Compile one template; HTML is escaped, and a name that is not given is an error."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(template_text(name))
