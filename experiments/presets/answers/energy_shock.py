"""Half a year of dear power, beside the same without it."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, mean, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

CHEAP = "no shock"
FIRST, LAST = 60.0, 240.0


def look(market: "Marketplace") -> Numbers:
    """Rigs that run, fleets lost, vaults that ended, income."""
    return {
        "miners' hash rate on the last dear day over the first": at(market, "rigs.miners", LAST)
        / at(market, "rigs.miners", FIRST),
        "rigs that run": mean(market, "rigs.running", FIRST, LAST),
        "miners whose rigs are seized": value(market, "insolvency.miners"),
        "vaults that ended": value(market, "vaults.wound_up"),
        "income of vaults": mean(market, "vaults.income", FIRST, LAST),
    }


def tell(found: "Found") -> str:
    """Who survives."""
    rate, seized = "miners' hash rate on the last dear day over the first", "miners whose rigs are seized"
    return (
        f"Miners run {found.mean(rate)} of their hash rate after half a year, {found.plain(rate, CHEAP)} without the shock. Of 150 miners "
        f"{found.mean(seized)} lose their rigs, {found.plain(seized, CHEAP)} without it. Meanwhile {found.plain('rigs that run')} of rigs run, vaults' income "
        f"{found.moved('income of vaults', CHEAP)}, and {found.mean('vaults that ended')} vaults of 20 end."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "miners' hash rate on the last dear day over the first": "%",
        "rigs that run": "%",
        "miners whose rigs are seized": "",
        "vaults that ended": "",
        "income of vaults": "USD/day",
    },
    changes={"clock.ticks": 250, "agents.retail_investor.count": 300},
    against={CHEAP: {"shocks": []}},
)
