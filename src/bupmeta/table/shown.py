"""What shows itself: a value with a table prints as that table, in a terminal and in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bupmeta.table.core import Table

__all__ = ["Shown"]


class Shown(ABC):
    """The base of every result that has one table to show.

    >>> class Two(Shown):
    ...     def table(self):
    ...         return Table((), (), "two")
    >>> print(Two())
    two
    """

    __slots__ = ()

    @abstractmethod
    def table(self) -> Table:
        """Give the table that stands for the value."""

    def __str__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table().to_html()
