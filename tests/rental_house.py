"""A small mining market with hashpower for hire and forwards, and a few people with rigs and money."""

from typing import Any

from model import Marketplace, Scenario
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import Forwards
from model.mechanisms.rental import Rental
from model.units import BTC, USD
from tests.house import House

CHEAP_POWER = 0.03  # USD/kWh; rigs run
J_PER_TH = 30.0
PH = 1_000_000  # GH/s
WORLD: dict[str, Any] = {
    "bitcoin": {"process": "constant", "price": 20_000},
    "power": {},
    "rigs": {},
    "network": {"rest": "fixed", "blocks": "expected", "fees": "constant"},
    "payout": {"luck": "expected", "pools": [{"name": "one", "scheme": "fpps", "fee": 0.02, "network_share": 0.2}]},
}


class RentalHouse(House):
    """Hashpower for hire, and forwards on it.

    Args:
        hours: length of a tick
        people: accounts, each with money
        ph: PH/s of rigs of each, the first ones
        rental, forwards: parameters
        others: further tables
    """

    def __init__(
        self,
        hours: int = 24,
        people: int = 5,
        ph: tuple[int, ...] = (100, 100),
        rental: dict[str, Any] | None = None,
        forwards: dict[str, Any] | None = None,
        **others: Any,
    ) -> None:
        clock = {"ticks": 100_000, "hours_per_tick": hours, "start": "2023-01"}
        tables = {**WORLD, "clock": clock, "rental": rental or {}, "forwards": forwards or {}, **others}
        self.market = Marketplace(Scenario.from_tables(tables, "rental house"), rng=3)
        self.ledger = self.market.ledger
        self.rental: Rental = self.market.mechanisms["rental"]
        self.forwards: Forwards = self.market.mechanisms["forwards"]
        self.rigs = self.market.mechanisms["rigs"]
        self.people = [int(a) for a in self.ledger.open_accounts("platform", people)]
        for who in self.people:
            self.ledger.pay(USD_ASSET, self.ledger.world, who, 10**6 * USD, Flow.ENDOWMENT)
            self.ledger.pay(BTC_ASSET, self.ledger.world, who, 100 * BTC, Flow.ENDOWMENT)
        for who, size in zip(self.people, ph, strict=False):
            self.rigs.add_fleet(who, size * PH, J_PER_TH, CHEAP_POWER)
        self.step()

    def coins(self, person: int) -> int:
        """Satoshi of a person."""
        return self.ledger.balance(BTC_ASSET, self.people[person])

    def work(self, person: int) -> int:
        """GH/s whose payout a person has."""
        return int(self.rental.work[self.people[person]])

    def running(self, person: int) -> int:
        """GH/s that a person's rigs run."""
        return int(self.rigs.delivered[self.people[person]])
