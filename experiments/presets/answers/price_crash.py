"""A halved coin, beside the same without the fall."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

CALM = "no crash"
BEFORE, AFTER = 90.0, 150.0
KEPT = {
    "hashprice": "network.hashprice",
    "price of fractions": "amm.price_median",
    "network's hash rate": "network.hashrate",
}


def look(market: "Marketplace") -> Numbers:
    """Hashprice, fractions and miners before and after."""
    return {
        **{name: at(market, metric, AFTER) / at(market, metric, BEFORE) for name, metric in KEPT.items()},
        "rigs that run after it": at(market, "rigs.running", AFTER),
        "miners whose rigs are seized": value(market, "insolvency.miners"),
    }


def tell(found: "Found") -> str:
    """What falls by how much."""
    text = [f"{name} {found.mean(name)} of that before, {found.plain(name, CALM)} without the crash" for name in KEPT]
    return (
        f"Two months after its start: {'; '.join(text)}. {found.plain('rigs that run after it')} of rigs run. Of 150 miners "
        f"{found.mean('miners whose rigs are seized')} lose their rigs within 200 days, {found.plain('miners whose rigs are seized', CALM)} without it."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "hashprice": "%",
        "price of fractions": "%",
        "network's hash rate": "%",
        "rigs that run after it": "%",
        "miners whose rigs are seized": "",
    },
    changes={"clock.ticks": 200, "agents.retail_investor.count": 400},
    against={CALM: {"shocks": []}},
)
