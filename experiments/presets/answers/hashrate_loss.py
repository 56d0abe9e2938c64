"""Half of the rest of the network goes dark."""

from typing import TYPE_CHECKING

from experiments.presets.looks import events, first_day, mean
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY, LOST = 60.0, 0.5


def look(market: "Marketplace") -> Numbers:
    """Hashprice before and after, and the stretched epoch."""
    before = mean(market, "network.hashprice", DAY - 20.0, DAY)
    retargets = [tick * market.clock.dt_days for tick, _ in events(market, "retarget")]
    after = [day for day in retargets if day >= DAY]
    return {
        "hashprice at the end over that before": mean(market, "network.hashprice", DAY + 60.0) / before,
        "days until the first retarget": after[0] - DAY,
        "length of the next epoch": after[1] - after[0],
        "days until hashprice is 1.9 times as high": first_day(market, "network.hashprice", 1.9 * before, DAY),
    }


def tell(found: "Found") -> str:
    """Twice as much, after a while."""
    return (
        f"Nothing more at first: difficulty stands for {found.mean('days until the first retarget')} days. In the end a rig earns "
        f"{found.mean('hashprice at the end over that before')} times as much as before, and 1.9 times "
        f"{found.mean('days until hashprice is 1.9 times as high')} days after the loss."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "hashprice at the end over that before": "",
        "days until the first retarget": "",
        "length of the next epoch": "",
        "days until hashprice is 1.9 times as high": "",
    },
    changes={"agents.retail_investor.count": 100, "agents.miner.count": 50},
    real="the formula: 1/(1 - q) = 2 times, once 14/(1 - q) = 28-day epochs are over",
    source="protocol",
)
