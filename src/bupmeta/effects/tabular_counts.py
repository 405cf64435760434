"""The counts of a file of 2x2 tables, for models that pool counts and not estimates."""

from __future__ import annotations

from bupmeta.effects.columns import FORMS, find_columns
from bupmeta.effects.core import Origin, Silent
from bupmeta.effects.sheet import Sheet
from bupmeta.effects.tables import Tables
from bupmeta.effects.tabular import EffectTable
from bupmeta.errors import DataError

__all__ = ["tables_of"]


def tables_of(table: EffectTable) -> Tables:
    r"""Return the counts behind a file that was read as effects; rows without numbers stay as silent trials.

    Raises DataError when the file holds something else than counts.

    >>> from bupmeta.effects.tabular import read_effects
    >>> table = read_effects(b"trial,ai,n1i,ci,n2i\nAnn,0,116,3,117\nBen,1,44,3,35\n")
    >>> tables_of(table).events_active.tolist()
    [0.0, 1.0]
    """
    if table.form not in ("counts", "2x2 table"):
        raise DataError(
            f"{table.file.path} holds {table.form}; this model pools counts: events_active, n_active, "
            "events_control, n_control"
        )
    sheet = Sheet(table.file, find_columns(table.file.header, table.file.path))
    rows = sheet.complete(FORMS[table.form].needs)
    x = {column: sheet.numbers(column, rows) for column in FORMS[table.form].needs}
    for arm in ("active", "control"):
        x.setdefault(f"n_{arm}", x[f"events_{arm}"] + x.get(f"nonevents_{arm}", 0))
    labels = sheet.labels()
    places = [(f"row {record.line}",) for record in table.file.records]
    years = [sheet.whole(i, "year") for i in range(len(labels))]
    missing = sorted(set(range(len(labels))) - set(rows))
    return Tables.from_counts(
        x["events_active"],
        x["n_active"],
        x["events_control"],
        x["n_control"],
        [labels[i] for i in rows],
        origin=[Origin(rows=places[i], year=years[i]) for i in rows],
        silent=[Silent(labels[i], "no numbers in the file", rows=places[i], year=years[i]) for i in missing],
    )
