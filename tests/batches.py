"""A market with nothing but given vaults and the real batch auction."""

from typing import Any

import numpy as np

from model.clock import Clock, ClockParams
from model.flows import Flow
from model.journal import Journal
from model.ledger import BTC_ASSET, USD_ASSET, Ledger
from model.mechanisms.auction import Auction, AuctionParams, BatchOrder
from model.settlement import Settlement
from model.streams import Streams
from tests.pools import Vaults, hash_of

WHOLE = 1_000_000


class BatchMarket:
    """Ledger, agents with cash and fractions, vaults, the auction and settlement.

    Args:
        agents: accounts, the first of which create the vaults
        vaults: vaults
        cash, fractions: holdings of each agent at the start, fractions of every vault [base units]
        params: parameters of the auction
    """

    def __init__(
        self,
        agents: int = 6,
        vaults: int = 1,
        cash: int = 1_000_000 * WHOLE,
        fractions: int = 1_000 * WHOLE,
        hours: int = 24,
        **params: Any,
    ) -> None:
        sectors = ["trader", "vaults", "venues", "utilities", "platform", "protocol", "world"]
        self.ledger = Ledger(sectors, agents + 4 * vaults + 8, 3 + 2 * vaults, 2 * vaults)
        self.clock, self.streams = Clock(ClockParams(hours_per_tick=hours)), Streams(1)
        self.clock.tick = 0
        self.journal, self.platform = Journal(sectors), self.ledger.open_account("platform", "platform")
        self.agents = self.ledger.open_accounts("trader", agents, np.array([hash_of(i) for i in range(agents)]))
        for account in self.agents:
            self.ledger.pay(USD_ASSET, self.ledger.world, int(account), cash, Flow.ENDOWMENT)
        self.vaults = Vaults(self.ledger, [int(self.agents[v]) for v in range(vaults)], agents * fractions, vaults)
        self.vaults.supply = np.full(vaults, agents * fractions)  # type: ignore[attr-defined]
        for v in range(vaults):
            for account in self.agents:
                creator = int(self.agents[v])
                self.ledger.pay(int(self.vaults.fraction[v]), creator, int(account), fractions, Flow.TRANSFER)
        self.mechanisms: dict[str, Any] = {"vaults": self.vaults}
        params = {"fee_bps": 0, **params}
        self.auction = self.mechanisms["auction"] = Auction(self, AuctionParams(**params))  # type: ignore[arg-type]
        self.mechanisms.pop("vaults")  # a stand-in settles nothing
        self.settlement = Settlement(self)  # type: ignore[arg-type]

    def order(self, agent: int, side: int, fractions: float, price: float, v: int = 0) -> BatchOrder:
        """Hand in an order of whole fractions at a price in USD."""
        action = BatchOrder(
            self.agents[agent], vault=v, side=side, quantity=round(fractions * WHOLE), price=round(price * WHOLE)
        )
        self.settlement.submit(action)
        return action

    def settle(self, *actions: Any) -> None:
        """Hand in and settle."""
        for action in actions:
            self.settlement.submit(action)
        for _, _, call in self.settlement.lines():
            call()

    def evening(self) -> None:
        """Clear, check all laws, and begin the next tick."""
        self.auction.clear()
        self.auction.mark()
        self.ledger.check()
        self.auction.check()
        self.clock.tick += 1
        self.auction.grow_old()

    def earn(self, v: int, sat: int) -> None:
        """Let a vault earn income for its holders."""
        vaults, ledger = self.vaults, self.ledger
        ledger.pay(BTC_ASSET, ledger.world, int(vaults.pot[v]), sat, Flow.PAYOUT)
        ledger.share(int(vaults.line[v]), sat, ledger.outstanding(int(vaults.fraction[v])))

    def cash(self, agent: int) -> int:
        """USD of an agent [base units]."""
        return self.ledger.balance(USD_ASSET, int(self.agents[agent]))

    def held(self, agent: int, v: int = 0) -> int:
        """Fractions of an agent [base units]."""
        return self.ledger.balance(int(self.vaults.fraction[v]), int(self.agents[agent]))
