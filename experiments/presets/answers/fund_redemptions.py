"""Funds whose clients redeem after losses, beside funds whose clients stay or must give long notice."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, between, path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

STAY, PATIENT = "clients who stay", "notice of 90 days"
END = 160.0
REDEEM, HELD, DEEPEST, LOWEST, AFTER = "funds redeemed", "held by funds", "fall in a day", "lowest price", "price after"


def look(market: "Marketplace") -> Numbers:
    """Who redeemed, the most that funds ever held, the worst day of any pool, and median prices over those of the first day."""
    first = at(market, "amm.price_median", 1.0)
    return {
        REDEEM: value(market, "agents.funds_redeemed"),
        HELD: float(path(market, "agents.institution_fractions").max()),
        DEEPEST: value(market, "amm.deepest_fall"),
        LOWEST: float(between(market, "amm.price_median", 0.0, END).min()) / first,
        AFTER: at(market, "amm.price_median", END) / first,
    }


def tell(found: "Found") -> str:
    """What forced sales do."""
    return (
        f"Clients of {found.mean(REDEEM)} of 12 funds redeem, which held up to {found.mean(HELD)} of fractions. The worst day of any pool "
        f"takes {found.mean(DEEPEST)} of its price: from clients who stay to those who redeem it {found.moved(DEEPEST, STAY)}, and from a "
        f"notice of 90 days to one of 5 to 20 it {found.moved(DEEPEST, PATIENT)}. The median price falls to {found.mean(LOWEST)} of that at "
        f"the start; by redemptions its lowest {found.moved(LOWEST, STAY)}, and that of day 160 {found.moved(AFTER, STAY)}. With the short "
        f"notice the number of funds redeemed {found.moved(REDEEM, PATIENT)}."
    )


ANSWER = Answer(
    look,
    tell,
    {REDEEM: "", HELD: "%", DEEPEST: "%", LOWEST: "%", AFTER: "%"},
    changes={"clock.ticks": 200},
    against={STAY: {"agents.institution.loss_borne": 1.0}, PATIENT: {"agents.institution.notice": 90.0}},
)
