"""What `bupmeta pool` found, as tables, one JSON document or a figure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp
from typing import TYPE_CHECKING, Any

from bupmeta import __version__
from bupmeta.effects import Effects
from bupmeta.effects.columns import RATIOS
from bupmeta.effects.tables import Tables
from bupmeta.effects.tabular import EffectTable
from bupmeta.errors import BupmetaError, ModelError
from bupmeta.pooling import Bayes, LeftOut, MetaResult, Panel, RandomEffects, TableModel, few_studies, pool
from bupmeta.pooling.panel import MANY
from bupmeta.pooling.ratios import as_ratios
from bupmeta.robustness import Refits, gosh
from bupmeta.table import Column, Table, Value, interval, number, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.analysis.parity import Parity
    from bupmeta.table.notation import PresetName

__all__ = ["SCHEMA_VERSION", "Group", "Pooled"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Group:
    """The effects of one group, and their pool or the reason why there is none."""

    effects: Effects
    result: MetaResult | None
    reason: str = ""

    @staticmethod
    def pooled(effects: Effects, model: RandomEffects | Bayes) -> Group:
        """Pool a group; a method that is refused for this group leaves the others alone."""
        if not len(effects):
            return Group(effects, None, f"no trial with an effect, {len(effects.silent)} without")
        try:
            return Group(effects, pool(effects, model))
        except ModelError as error:
            return Group(effects, None, str(error))

    @staticmethod
    def of_counts(tables: Tables | None, effects: Effects, model: TableModel) -> Group:
        """Pool the counts of a group, or say why they cannot be; `effects` are those shown if they are not."""
        if tables is None:
            return Group(effects, None, f"no trial with counts, {len(effects.silent)} without")
        try:
            result = pool(tables, model)
        except BupmetaError as error:
            return Group(effects, None, str(error))
        return Group(result.effects, result)


@dataclass(frozen=True, slots=True)
class Pooled:
    """Everything one call found."""

    source: EffectTable
    result: MetaResult
    by: str = ""
    groups: dict[str, Group] = field(default_factory=dict)
    left_out: Refits | LeftOut | None = None
    subsets: Refits | None = None
    parity: Parity | None = None

    @property
    def method(self) -> str:
        """The name of the model."""
        return type(self.result.model).__name__

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, what has no effect, and ratios as ratios."""
        result = self.result
        silent = (f"without an effect: {s.label} ({s.kind})" for s in result.effects.silent)
        ratio = []
        if result.effects.measure in RATIOS:
            low, high = (exp(end) for end in result.ci)
            words = f"{number(exp(result.mu))} {interval((low, high))}"
            ratio = [f"pooled as logarithms, which tau² is of too; as {result.effects.measure}: {words}"]
        own = (
            self.source.notes if isinstance(result.model, RandomEffects | Bayes) else ()
        )  # counts are pooled as they are
        return (*own, *silent, *ratio)

    def tables(self) -> list[Table]:
        """Return the studies, the pool, and what else was asked for."""
        result = self.result.table()
        tables = [self.result.study_table(), replace(result, notes=(*result.notes, *self.notes))]
        if self.result.posterior is not None:
            after = (self.result.posterior.table(), self.result.posterior.shrinkage())
            of = " (logarithms)" if self.result.effects.measure in RATIOS else ""
            tables += [replace(table, caption=f"{table.caption}{of}") for table in after]
        if self.groups:
            tables.append(self._group_table(result))
        if self.left_out:
            tables.append(self.left_out.table())
        if self.subsets:
            tables += [self.subsets.summary(), gosh(self.subsets).table()]
        shown = [as_ratios(table, self.result.effects.measure) for table in tables]
        if self.parity is not None:
            shown.append(self.parity.table())
        if (heterogeneity := self.result.heterogeneity()).rows:
            shown.insert(2, heterogeneity)  # of the logarithms, where effects are ratios
        return shown if self.panel is None else [*shown[:2], self.panel.table(), *shown[2:]]

    @property
    def panel(self) -> Panel | None:
        """Two to four trials by every method, for estimates."""
        few = isinstance(self.result.model, RandomEffects | Bayes) and 2 <= len(self.result.effects) < MANY
        return few_studies(self.result.effects, self.result.model.level) if few else None

    def document(self) -> dict[str, Any]:
        """Return the fields of the result beside what they came from; JSON's own types."""
        result = self.result.to_dict()
        out = {
            "schema_version": SCHEMA_VERSION,
            "program": f"bupmeta {__version__}",
            "file": self.source.file.path,
            "sha256": self.source.file.sha256,
            "form": self.source.form,
            "method": self.method,
            **result,
            "notes": [*result["notes"], *self.notes],
            "without_effect": [{"label": s.label, "reason": s.kind} for s in self.result.effects.silent],
        }
        if (panel := self.panel) is not None:
            out["few_studies"] = panel.to_dict()
        if self.groups:
            out["by"] = self.by
            out["groups"] = [
                {"group": name}
                | (
                    group.result.to_dict()
                    if group.result
                    else {"k": len(group.effects), "status": "not pooled", "notes": [group.reason]}
                )
                for name, group in self.groups.items()
            ]
        if self.parity is not None:
            out["parity"] = self.parity.to_dict()
        if self.left_out:
            out["leave_one_out"] = self.left_out.table().to_dict()["rows"]
        if self.subsets:
            out["gosh"] = {
                "subsets": len(self.subsets),
                "summary": self.subsets.summary().to_dict()["rows"],
                "studies": gosh(self.subsets).table().to_dict()["rows"],
            }
        return {key: plain(value) for key, value in out.items()}

    def figure(self, preset: PresetName = "house") -> Figure:
        """Draw GOSH or leave-one-out if they were asked for, else the forest plot with a block per group."""
        from bupmeta.plots import Block, forest  # matplotlib takes 0.4 s to load

        if self.subsets:
            from bupmeta.plots.gosh import gosh as draw_gosh

            return draw_gosh(self.subsets, gosh(self.subsets).most)
        if isinstance(self.left_out, Refits):
            from bupmeta.plots.refits import refits

            return refits(self.left_out)
        if not self.groups:
            return forest(self.result, preset=preset)
        blocks = [Block(name, g.result, g.effects, sentence=g.reason) for name, g in self.groups.items()]
        return forest([*blocks, Block("All studies", self.result, studies=False)], preset=preset)

    def _group_table(self, whole: Table) -> Table:
        rows: list[dict[str, Value]] = []
        notes: list[str] = []
        for name, group in self.groups.items():
            if group.result is None:
                rows.append({"group": name, "k": len(group.effects)})
                notes.append(f"{name}: {group.reason}")
            else:
                table = group.result.table()
                rows.append({"group": name, **table.rows[0]})
                notes += [f"{name}: {note}" for note in table.notes]
        columns = (Column("group", self.by), *whole.columns)
        return Table(columns, tuple(rows), f"Groups by {self.by}, each with its own tau²", tuple(notes))
