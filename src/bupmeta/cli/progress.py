"""A bar for people who wait."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

import click

__all__ = ["Progress"]


class Progress:
    """A bar on stderr for people who wait longer than a second; nothing elsewhere."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0
        self._begun = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def step(self, title: str) -> None:
        """Say what is begun now."""
        self._done += 1
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._begun > 1:
            self._bar = click.progressbar(
                length=self._steps, file=sys.stderr, item_show_func=lambda item: str(item or "")
            )
            self._bar.__enter__()
            self._bar.update(self._done - 1, title)
        if self._bar is not None:
            self._bar.update(1, title)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            if error is None:
                self._bar.update(self._steps)  # sections without trials announce fewer steps
            self._bar.__exit__(kind, error, trace)
