"""A market with nothing but vaults that are given and the real pools, for tests of trading."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from model.clock import Clock, ClockParams
from model.flows import Flow, Group
from model.journal import Journal
from model.ledger import BTC_ASSET, USD_ASSET, Ledger
from model.mechanism import Mechanism
from model.mechanisms.amm import Amm, AmmParams
from model.settlement import Settlement
from model.streams import Streams

WHOLE = 1_000_000
LIVE = 2


class Vaults(Mechanism):
    """Vaults as the pools see them; a creator holds all fractions of each at the start."""

    def __init__(self, ledger: Ledger, creators: list[int], supply: int, capacity: int) -> None:
        self.n = len(creators)
        self.fraction, self.pot, self.line, self.usd_line, self.usd_pot, self.creator = (
            np.full(capacity, -1, np.int64) for _ in range(6)
        )
        self.status = np.zeros(capacity, np.int64)
        for v, creator in enumerate(creators):
            account, self.pot[v] = (
                ledger.open_account("vaults", f"vault {v}"),
                ledger.open_account("vaults", f"pot {v}"),
            )
            self.fraction[v] = ledger.add_asset(f"fraction {v}", Group.FRACTION, (account,))
            self.line[v] = ledger.add_line(int(self.fraction[v]), BTC_ASSET, int(self.pot[v]))
            ledger.pay(int(self.fraction[v]), account, creator, supply, Flow.MINT)
            self.creator[v], self.status[v] = creator, LIVE

    @property
    def live(self) -> Any:
        return self.status == LIVE

    def serve(self, passing: Any) -> None:
        """All fractions earn."""

    def mark_stakes(self) -> None:
        """Nobody stakes."""


class PoolMarket:
    """Ledger, agents with cash, vaults, pools and settlement.

    Args:
        agents: accounts of the kind "trader", the first of which create the vaults and seed the pools
        vaults: vaults, each with one pool
        usd, fractions: balances of each pool at the start [base units]
        params: parameters of the pools
    """

    def __init__(
        self,
        agents: int = 6,
        vaults: int = 1,
        usd: int = 50_000 * WHOLE,
        fractions: int = 1_000 * WHOLE,
        cash: int = 100_000 * WHOLE,
        hours: Any = 24,
        lock_days: float = 0.0,
        **params: Any,
    ) -> None:
        sectors = ["trader", "vaults", "venues", "utilities", "platform", "protocol", "world"]
        self.ledger = Ledger(sectors, agents + 5 * vaults + 8, 3 + 2 * vaults, 4 * vaults)
        self.clock, self.streams = Clock(ClockParams(hours_per_tick=hours)), Streams(1)
        self.journal, self.platform = Journal(sectors), self.ledger.open_account("platform", "platform")
        self.shocks: dict[str, float] = {"liquidity": 1.0}
        self.populations = {"trader": SimpleNamespace()}
        uid = np.array([hash_of(i) for i in range(agents)])
        self.agents = self.ledger.open_accounts("trader", agents, uid)
        for account in self.agents:
            self.ledger.pay(USD_ASSET, self.ledger.world, int(account), cash + usd, Flow.ENDOWMENT)
        self.vaults = Vaults(
            self.ledger, [int(self.agents[v]) for v in range(vaults)], (agents + 4) * fractions, vaults
        )
        self.mechanisms: dict[str, Mechanism] = {"vaults": self.vaults}
        self.amm = self.mechanisms["amm"] = Amm(self, AmmParams(capacity=vaults, **params))  # type: ignore[arg-type]
        for v in range(vaults):
            self.amm.seed(v, int(self.agents[v]), usd, fractions, lock_days)
            for account in self.agents[vaults:]:
                fraction, creator = int(self.vaults.fraction[v]), int(self.agents[v])
                self.ledger.pay(fraction, creator, int(account), fractions, Flow.TRANSFER)
        self.mechanisms.pop("vaults")  # a stand-in settles nothing
        self.settlement = Settlement(self)  # type: ignore[arg-type]

    def earn(self, v: int, sat: int) -> None:
        """Let a vault earn income for its holders."""
        vaults, ledger = self.vaults, self.ledger
        ledger.pay(BTC_ASSET, ledger.world, int(vaults.pot[v]), sat, Flow.PAYOUT)
        ledger.share(int(vaults.line[v]), sat, ledger.outstanding(int(vaults.fraction[v])))

    def earn_dollars(self, v: int, usd: int) -> None:
        """Let a vault earn dollars for its holders."""
        vaults, ledger = self.vaults, self.ledger
        if vaults.usd_line[v] < 0:
            vaults.usd_pot[v] = ledger.open_account("vaults", f"dollars of vault {v}")
            vaults.usd_line[v] = ledger.add_line(int(vaults.fraction[v]), USD_ASSET, int(vaults.usd_pot[v]))
        ledger.pay(USD_ASSET, ledger.world, int(vaults.usd_pot[v]), usd, Flow.RENT)
        ledger.share(int(vaults.usd_line[v]), usd, ledger.outstanding(int(vaults.fraction[v])))

    def settle(self, *actions: Any) -> None:
        """Hand in and settle."""
        for action in actions:
            self.settlement.submit(action)
        for _, _, call in self.settlement.lines():
            call()

    def morning(self) -> None:
        """Begin a tick up to the frozen view."""
        self.clock.tick += 1
        self.amm.pass_income()
        self.amm.withdraw_in_fear()
        self.amm.quote()

    def evening(self) -> None:
        """End a tick and check all laws."""
        self.amm.mark()
        self.ledger.check()
        self.amm.check()

    def held(self, asset: int, account: int) -> int:
        """A holding [base units]."""
        return self.ledger.balance(int(asset), int(account))

    def dump(self) -> list[bytes]:
        """Every bit that a bundle might change."""
        books = self.ledger.books
        count = int(books.touched[0])
        arrays = [books.balances, books.settled, books.line_index, books.flows, books.touched[: count + 1]]
        return [np.ascontiguousarray(a).tobytes() for a in (*arrays, *self.amm.pools, self.amm.ring)]


def hash_of(i: int) -> int:
    """A fixed number that looks random."""
    return (i + 1) * 0x9E3779B97F4A7C15 % (1 << 62)
