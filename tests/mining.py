"""A network and pools over a stand-in for the rigs: hash rates are given, nothing else of the market is there."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from model import Marketplace, Scenario
from model.mechanisms.network import Network, NetworkParams
from model.mechanisms.payout import Payout, PayoutParams

GHS = 1e9


class Rigs:
    """Stand-in: who delivers how much."""

    def __init__(self, accounts: int) -> None:
        self.delivered = np.zeros(accounts, np.int64)
        self.hashprice, self.capacity = 0.0, 0.0
        self.opening = SimpleNamespace(hashrate=1.0)


class Mine:
    """A small market that mines."""

    def __init__(
        self,
        members: int = 6,
        hours: int = 24,
        seed: int = 1,
        rest_agent: bool = False,
        ticks: int = 365,
        start: str = "2023-01",
        network: dict[str, Any] | None = None,
        payout: dict[str, Any] | None = None,
        shocks: list[dict[str, Any]] | None = None,
    ) -> None:
        clock = {"ticks": ticks, "hours_per_tick": hours, "start": start}
        bitcoin = {"process": "constant", "price": 20_000}
        self.market = m = Marketplace(Scenario.from_tables({"clock": clock, "bitcoin": bitcoin}, "mine"), rng=seed)
        self.ledger = m.ledger
        self.accounts = m.ledger.open_accounts("vaults", members)
        self.rest = m.ledger.open_account("rest_of_network", "rest") if rest_agent else -1
        self.rigs = Rigs(m.ledger.books.sector.size)
        m.populations = {"rest_of_network": [self.rest]} if rest_agent else {}
        m.mechanisms["rigs"] = self.rigs  # type: ignore[assignment]
        self.network = m.mechanisms["network"] = Network(m, NetworkParams(**(network or {})))
        self.payout = m.mechanisms["payout"] = Payout(m, PayoutParams(**(payout or {})))
        self.factors = dict.fromkeys(("hashrate", "network_fees"), 1.0)
        m.shocks._today = self.factors
        self.network.open()
        self.payout.open()

    def deliver(self, share: float) -> None:
        """Spread a share of the network's first hash rate evenly over the members."""
        self.rigs.delivered = np.zeros(self.ledger.books.sector.size, np.int64)
        self.rigs.delivered[self.accounts] = int(share * self.network.start_hashrate / GHS / len(self.accounts))

    def step(self) -> None:
        """One tick of mining, with all laws."""
        self.market.clock.tick += 1
        self.network.demand_for_blocks()
        self.network.find_blocks()
        self.payout.pay()
        self.network.quote()
        self.ledger.check()
        self.network.check()
        self.payout.check()
