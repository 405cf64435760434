"""Models are values, checked when they are written, and each of their fields does something."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.errors import ModelError
from bupmeta.kernels import TAU2
from bupmeta.pooling.models import CiName, PredictionName, Tau2CiName, Tau2Name


def test_the_estimators_are_those_of_the_kernel():
    """The Literal of options and the registry name the same methods."""
    assert set(get_args(Tau2Name)) == set(TAU2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tau2": "reml"}, "tau2='reml' is not known; did you mean 'REML'?"),
        ({"tau2": "DerSimonian"}, "tau2='DerSimonian' is not known; the choices are EE, DL"),
        ({"ci": "hk_adhoc"}, "did you mean 'HK-adhoc'?"),
        ({"prediction": "boostrap"}, "did you mean 'bootstrap'?"),
        ({"tau2_ci": "qp"}, "did you mean 'QP'?"),
        ({"tau2": None}, "tau2=None is not known"),
        ({"level": 95}, "level=95 is not a confidence level; it must lie between 0 and 1"),
        ({"level": 1.0}, "level=1.0"),
        ({"level": "0.95"}, "level='0.95'"),
        ({"level": True}, "level=True"),
        ({"level": float("nan")}, "level=nan"),
        ({"tau2": "DL", "ci": "KR"}, "ci='KR' is derived for REML only"),
        ({"tau2": "PM", "prediction": "KR-PR"}, "prediction='KR-PR' is derived for REML only"),
    ],
)
def test_what_cannot_be_is_refused_by_name(options, message):
    """A wrong option raises ModelError with the option, its value and the nearest choice."""
    with pytest.raises(ModelError) as error:
        bm.RandomEffects(**options)
    assert message in str(error.value)


def test_models_are_values():
    """Equal options make equal models with equal hashes, and nothing can be changed afterwards."""
    assert bm.RandomEffects() == bm.RandomEffects(tau2="REML", ci="HK-adhoc", prediction="t", level=0.95)
    assert len({bm.RandomEffects(), bm.RandomEffects(), bm.RandomEffects(ci="HK")}) == 2
    with pytest.raises(FrozenInstanceError):
        bm.RandomEffects().level = 0.9


OTHER = {"tau2": "SJ", "ci": "Wald", "prediction": "HTS", "level": 0.9, "tau2_ci": "PL"}


@pytest.mark.parametrize("field", [f.name for f in fields(bm.RandomEffects)])
def test_every_field_changes_a_result(field, effects_of):
    """No option is read and forgotten: another value gives other numbers."""
    effects = effects_of("bcg_rr")
    usual, other = (
        bm.pool(effects).to_dict(),
        bm.pool(effects, bm.RandomEffects(**{field: OTHER[field]})).to_dict(),
    )
    assert {key for key in usual if usual[key] != other[key]} - {"model"}


CHOICES = {"tau2": Tau2Name, "ci": CiName, "prediction": PredictionName, "tau2_ci": Tau2CiName}


@pytest.mark.parametrize("field", CHOICES)
def test_every_choice_gives_its_own_answer(field, effects_of):
    """No two names of one option mean the same, but for the four estimators that solve Q = k - 1.

    Where its factor is below 1, as here, HK-adhoc is the t interval by definition.
    """
    effects = effects_of("karner2014_sgrq" if field == "ci" else "gibson2002_smd")
    seen: dict[object, set[str]] = {}
    for name in get_args(CHOICES[field]):
        ci = {} if field == "ci" else {"ci": "HK"}
        result = bm.pool(effects, bm.RandomEffects(**{**ci, field: name}))
        seen.setdefault(np.round(getattr(result, field) or 0, 12).tobytes(), set()).add(name)
    twins = {"tau2": [{"DLIT", "SJIT", "EB", "PM"}], "ci": [{"HK-adhoc", "t"}]}
    assert [names for names in seen.values() if len(names) > 1] == twins.get(field, [])
