"""The options that say how the rows of a table are pooled, for every command that pools one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, TypeVar, get_args

import click
from click.core import ParameterSource

from bupmeta.cli.options import Level, OneOf
from bupmeta.cli.pool_models import METHODS, count_model
from bupmeta.effects.columns import FORMS
from bupmeta.kernels.glmm import GlmmName
from bupmeta.pooling import CiName, PredictionName, RandomEffects, TableModel, Tau2CiName
from bupmeta.pooling.models import Tau2Name

__all__ = ["MEASURES", "chosen_model", "one_of", "pool_options", "prior_options", "typed"]

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT = RandomEffects()
MEASURES = tuple(dict.fromkeys(measure for form in FORMS.values() for measure in form.measures))


def one_of(name: str, options: Sequence[str], text: str, default: str | None = None) -> Callable[[F], F]:
    """Make an option that is a name out of several."""
    return click.option(name, type=OneOf(options), default=default, show_default=True, help=text)


def pool_options(methods: Sequence[str] = METHODS) -> Callable[[F], F]:
    """Give a command the options of a model, one of `methods`, of levels and of the measure."""
    options: tuple[Callable[[F], F], ...] = (
        click.option(
            "--model", "method", type=OneOf(methods), default="IV", show_default=True,
            help="How to pool; all but IV and Bayes pool counts.",
        ),
        one_of("--glmm", get_args(GlmmName), "Study effects of --model GLMM.", "UM.FS"),
        one_of("--tau2", get_args(Tau2Name), "Estimator of tau2.", DEFAULT.tau2),
        one_of("--ci", get_args(CiName), "Interval of the effect.", DEFAULT.ci),
        one_of("--prediction", get_args(PredictionName), "Prediction interval.", DEFAULT.prediction),
        one_of("--tau2-ci", get_args(Tau2CiName), "Interval of tau2, I2 and H2.", DEFAULT.tau2_ci),
        click.option(
            "--level", type=Level(), default="95", show_default=True, help="Confidence of every result."
        ),
        click.option(
            "--input-level", type=Level(), default="95", show_default=True,
            help="Confidence of ci_low, ci_high.",
        ),
        one_of("--measure", MEASURES, "What to make of raw arms, or what y is (logarithms for ratios)."),
    )  # fmt: skip
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def prior_options(command: F) -> F:
    """Give a command the priors of --model Bayes."""
    tau = click.option(
        "--tau-prior", metavar="PRIOR", help="Prior of tau in --model Bayes, such as half-normal:0.5."
    )
    mu = click.option(
        "--mu-prior", metavar="PRIOR", help="Prior of the mean in --model Bayes, such as normal:0,1."
    )
    return tau(mu(command))


def typed(names: Iterable[str]) -> list[str]:
    """Give the options that were typed."""
    context = click.get_current_context()
    return [name for name in names if context.get_parameter_source(name) is not ParameterSource.DEFAULT]


def chosen_model(
    method: str, measure: str | None, glmm: str, level: float, model: dict[str, Any]
) -> RandomEffects | TableModel:
    """Give the model that was asked for; SpecError when an option that was typed does not go with it."""
    if method == "IV":
        return RandomEffects(level=level, **model)
    return count_model(method, measure, model["ci"], glmm, level, typed(model))
