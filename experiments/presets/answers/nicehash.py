"""The price of hire beside what mining pays."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

SURE = "renters who agree"


def look(market: "Marketplace") -> Numbers:
    """Price over hashprice, days in the band, and what is rented."""
    return {
        "price over hashprice": value(market, "rental.over_hashprice"),
        "days in the band": value(market, "rental.in_band"),
        "rented part of rigs": value(market, "rental.rented_share"),
        "paid": value(market, "rental.paid"),
    }


def tell(found: "Found") -> str:
    """Where the price settles."""
    return (
        f"{found.mean('rented part of rigs')} of what runs is for hire and hired, at {found.mean('price over hashprice')} of hashprice after "
        f"pool fees; {found.plain('paid')} is paid in a run. It lies in the band, fee included, on {found.mean('days in the band')} of days; "
        f"where no renter expects more than another on {found.mean('days in the band', SURE)}, at {found.plain('price over hashprice', SURE)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"price over hashprice": "%", "days in the band": "%", "rented part of rigs": "%", "paid": "USD"},
    against={SURE: {"agents.renter.conviction": 0.0}},
)
