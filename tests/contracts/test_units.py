"""Every unit is on one list, and what has none says so."""

from typing import Any

import pytest
from pydantic.fields import FieldInfo

from agents.institutions.traits import InstitutionTraits
from agents.retail.traits import RetailTraits
from model.agent_tables import trait
from model.metric import metric
from model.params import Params, facts, param
from model.unit_names import UNITS


def unit_of(field: FieldInfo) -> str:
    return str(facts(field)["unit"])


@pytest.mark.parametrize("unit", ["1/sqrt year", "ln", "s", "kinds", "%"])
def test_a_unit_that_is_not_on_the_list_is_refused(unit: str) -> None:
    assert unit not in UNITS
    for declare in (lambda: param(1.0, unit, "a number"), lambda: trait(1.0, unit, "a number"), lambda: metric(unit)):
        with pytest.raises(ValueError, match="no unit"):
            declare()


@pytest.mark.parametrize("value", [True, "twap"])
def test_a_switch_or_a_choice_has_no_unit(value: Any) -> None:
    with pytest.raises(ValueError, match="written with"):
        param(value, "1", "a switch")
    assert issubclass(
        type("Own", (Params,), {"__annotations__": {"x": Any}, "x": param(value, "", "a switch")}), Params
    )


def test_volatilities_are_a_year_to_the_one_half() -> None:
    for traits in (InstitutionTraits, RetailTraits):
        assert unit_of(traits.model_fields["least_volatility"]) == "1/sqrt(year)"
