"""Types of options: what may be typed, and what is said when something else is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bupmeta.errors import DataError, closest

__all__ = ["SUFFIXES", "Level", "OneOf", "check_figure"]

SUFFIXES = (".svg", ".png", ".pdf")


def check_figure(path: Path | None) -> None:
    """Refuse the name of a figure that cannot be written, before anything is computed."""
    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        raise click.UsageError(
            f"the figure {path} must end in one of {', '.join(SUFFIXES)}", click.get_current_context()
        )
    if path.is_dir():
        raise DataError(f"cannot write {path}: it is a folder; name a file")
    if not path.parent.is_dir():
        raise DataError(f"cannot write {path}: there is no folder {path.parent}")


class Level(click.ParamType[float]):
    """A confidence level, as 95 or as 0.95."""

    name = "level"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the level as a fraction."""
        try:
            level = float(value)
        except ValueError:
            level = 0.0
        if not (0.5 <= level < 1 or 50 <= level < 100):
            self.fail(
                f"{value!r} is not a confidence level; give a percentage such as 95, at least 50, or a fraction "
                "such as 0.95",
                param,
                ctx,
            )
        return level / 100 if level >= 1 else level


class OneOf(click.ParamType[str]):
    """A name out of several, in whatever case it is typed."""

    name = "name"

    def __init__(self, options: Sequence[str]) -> None:
        self.options = {option.casefold(): option for option in options}

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """Show every name, as it is written."""
        return "|".join(self.options.values())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it is written, or suggest the nearest."""
        if value.casefold() not in self.options:
            guess = closest(value, self.options.values(), 0.5)
            hint = f"; did you mean {guess}?" if guess else ""
            self.fail(f"{value!r} is not one of {', '.join(self.options.values())}{hint}", param, ctx)
        return self.options[value.casefold()]
