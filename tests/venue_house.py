"""A market with vaults that are given and one or several real venues, for tests of trading."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from model.clock import Clock, ClockParams
from model.flows import Flow, Group
from model.journal import Journal
from model.ledger import BTC_ASSET, USD_ASSET, Ledger
from model.mechanism import Mechanism
from model.mechanisms.amm import Amm, AmmParams
from model.mechanisms.curve import Curve, CurveParams
from model.mechanisms.weighted import Weighted, WeightedParams
from model.settlement import Settlement
from model.streams import Streams

WHOLE = 1_000_000
LIVE, NONE = 2, -1
PARAMS: dict[Any, Any] = {Amm: AmmParams, Curve: CurveParams, Weighted: WeightedParams}


class Vaults(Mechanism):
    """Vaults as venues see them; a creator holds all fractions of each at the start; income in coins and dollars."""

    def __init__(self, ledger: Ledger, creators: list[int], supply: int) -> None:
        self.n = len(creators)
        self.fraction, self.pot, self.line, self.usd_line, self.creator = (
            np.full(self.n, NONE, np.int64) for _ in range(5)
        )
        self.status, self.supply = np.full(self.n, LIVE), np.full(self.n, supply)
        self.passing: list[Any] = []
        for v, creator in enumerate(creators):
            account = ledger.open_account("vaults", f"vault {v}")
            self.pot[v] = ledger.open_account("vaults", f"pot {v}")
            self.fraction[v] = ledger.add_asset(f"fraction {v}", Group.FRACTION, (account,))
            self.line[v] = ledger.add_line(int(self.fraction[v]), BTC_ASSET, int(self.pot[v]))
            self.usd_line[v] = ledger.add_line(int(self.fraction[v]), USD_ASSET, int(self.pot[v]))
            ledger.pay(int(self.fraction[v]), account, creator, supply, Flow.MINT)
            self.creator[v] = creator

    @property
    def live(self) -> Any:
        return self.status == LIVE

    def serve(self, passing: Any) -> None:
        self.passing.append(passing)

    def mark_stakes(self) -> None:
        """Nothing is staked."""


class VenueMarket:
    """Ledger, agents with cash, vaults, venues and settlement.

    Args:
        venues: classes, in the order in which they look at one another
        agents: accounts of the kind "trader"; the first of them create the vaults and seed the pools
        vaults: vaults, each with a pool at every venue
        usd, fractions: what seeds each pool [base units]
        params: parameters of the venues
    """

    def __init__(
        self,
        *venues: Any,
        agents: int = 6,
        vaults: int = 1,
        usd: int = 50_000 * WHOLE,
        fractions: int = 1_000 * WHOLE,
        cash: int = 100_000 * WHOLE,
        supply: int = 20_000 * WHOLE,
        lock_days: float = 0.0,
        hours: Any = 24,
        **params: Any,
    ) -> None:
        sectors = ["trader", "vaults", "venues", "utilities", "platform", "protocol", "world"]
        self.ledger = Ledger(sectors, agents + 20 * vaults + 8, 3 + 8 * vaults, 12 * vaults)
        self.clock, self.streams = Clock(ClockParams(hours_per_tick=hours)), Streams(1)
        self.journal, self.platform = Journal(sectors), self.ledger.open_account("platform", "platform")
        self.shocks: dict[str, float] = {"liquidity": 1.0}
        self.populations = {"trader": SimpleNamespace()}
        self.agents = [int(a) for a in self.ledger.open_accounts("trader", agents)]
        for account in self.agents:
            self.ledger.pay(USD_ASSET, self.ledger.world, account, cash + usd * len(venues), Flow.ENDOWMENT)
        self.vaults = Vaults(self.ledger, self.agents[:vaults], supply)
        self.mechanisms: dict[str, Any] = {"vaults": self.vaults}
        for kind in venues:
            self.mechanisms[kind.key] = kind(self, PARAMS[kind](capacity=vaults, **params))
        self.venues = [self.mechanisms[kind.key] for kind in venues]
        self.venue = self.venues[0]
        for v in range(vaults):
            self.made = [venue.seed(v, self.agents[v], usd, fractions, lock_days) for venue in self.venues]
            for account in self.agents[vaults:]:
                fraction = int(self.vaults.fraction[v])
                self.ledger.pay(fraction, self.agents[v], account, fractions, Flow.TRANSFER)
        self.mechanisms.pop("vaults")  # a stand-in settles nothing
        self.settlement = Settlement(self)  # type: ignore[arg-type]

    def earn(self, v: int, sat: int, usd: int = 0) -> None:
        """Let a vault earn income for its holders."""
        vaults, ledger = self.vaults, self.ledger
        for asset, line, amount in ((BTC_ASSET, vaults.line, sat), (USD_ASSET, vaults.usd_line, usd)):
            ledger.pay(asset, ledger.world, int(vaults.pot[v]), amount, Flow.PAYOUT)
            ledger.share(int(line[v]), amount, ledger.outstanding(int(vaults.fraction[v])))

    def settle(self, *actions: Any) -> Any:
        """Hand in and settle; the reason or success of the last row."""
        for action in actions:
            self.settlement.submit(action)
        for _, _, call in self.settlement.lines():
            call()
        return actions[-1]

    def morning(self) -> None:
        """Begin a tick up to the frozen view."""
        self.clock.tick += 1
        for venue in self.venues:
            venue.pass_income()
            venue.withdraw_in_fear()
        for venue in self.venues:
            venue.quote()

    def evening(self) -> None:
        """End a tick and check all laws."""
        for venue in self.venues:
            venue.mark()
        self.ledger.check()
        for venue in self.venues:
            venue.check()

    def held(self, asset: Any, account: Any) -> int:
        """A holding [base units]."""
        return self.ledger.balance(int(asset), int(account))

    def total(self, account: int, v: int = 0) -> tuple[int, int]:
        """Dollars and fractions of an account [base units]."""
        return self.held(USD_ASSET, account), self.held(self.vaults.fraction[v], account)

    def dump(self) -> list[bytes]:
        """Every bit that a bundle might change."""
        books = self.ledger.books
        count = int(books.touched[0])
        arrays = [books.balances, books.settled, books.line_index, books.flows, books.touched[: count + 1]]
        arrays += [column for venue in self.venues for column in venue.pools]
        return [np.ascontiguousarray(a).tobytes() for a in arrays]
