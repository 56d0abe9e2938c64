"""A market with real vaults, pools and lending; the test says what the oracle reports."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.lending import Lending, LendingParams, Supply
from model.mechanisms.vaults import ends
from model.settlement import Settlement
from tests.vault_house import WHOLE, House

VAULTS = 3


class Oracle(Mechanism):
    """Prices as the test says, which need no market."""

    key = "oracle"
    instant, window = False, 3

    def __init__(self, market: Any, params: Any) -> None:
        super().__init__(market, params or SimpleNamespace(source="nav"))

    def start(self, vaults: int, price: float) -> None:
        self.price, self.stale = np.full(vaults, price), np.zeros(vaults, np.bool_)


class LendingHouse(House):
    """Agents who all hold fractions of three vaults and cash, and a lending pool.

    Args:
        price: of a whole fraction [USD]
        cash: that the first agent supplies at the start [USD]
        params: of the pool
    """

    spare = (20, 20)

    def __init__(
        self,
        price: float = 10.0,
        cash: float = 0.0,
        agents: int = 5,
        hours: int = 24,
        pools: bool = False,
        **params: Any,
    ) -> None:
        super().__init__(agents=agents, hours=hours, pools=pools)
        self.oracle = self._add(Oracle, None)
        self.oracle.start(self.vaults.status.size, price)
        for v in range(VAULTS):
            self.vault(v, 30_000)
            for i in range(agents):
                if i != v:
                    self.give(v, v, i, 1_000 * WHOLE // agents)
            if self.amm is not None:
                self.amm.seed(v, self.agents[v], int(1_000 * price) * WHOLE // 10, 100 * WHOLE)
        self.lending = self._add(Lending, LendingParams(capacity=self.vaults.status.size, **params))
        self.lending.open()
        self.settlement = Settlement(self.market)
        self.morning()
        if cash:
            self.do(Supply(self.agents[0], amount=int(cash * WHOLE)))

    def do(self, action: Any) -> tuple[Status, int]:
        """Settle one row; what became of it."""
        self.act(action)
        return Status(int(action.rows["status"][0])), int(action.rows["filled"][0])

    def morning(self) -> None:
        super().morning()
        if "lending" in self.market.mechanisms:
            self.lending.accrue()
            self.lending.look()

    def evening(self) -> None:
        """Clear, mark and check."""
        self.vaults.wind_up()
        self.lending.claim_cash()
        self.lending.liquidate()
        self.lending.write_off()
        self.vaults.mark()
        if self.amm is not None:
            self.amm.mark()
        self.lending.mark()
        self._measured()
        self.check()
        self.lending.check()
        self.clock.tick += 1

    def _measured(self) -> None:
        """What was measured of those alone who have moved is what is measured of everybody."""
        columns = self.lending.collateral_value, self.lending.backing, self.lending.debt_usd, self.lending.health
        before = [column.copy() for column in columns]
        self.lending.measure()
        assert all((old == new).all() for old, new in zip(before, columns, strict=True))

    def next_day(self, price: float | None = None) -> None:
        """An evening, and the next morning at another price."""
        self.evening()
        if price is not None:
            self.oracle.price[:] = price
        self.morning()

    def end_vault(self, v: int) -> None:
        """Wind a vault up."""
        ends.wind_up(self.vaults, v)

    def fund(self) -> int:
        """Money of the insurance fund."""
        return self.cash(self.lending.fund)

    def usd(self) -> int:
        """All dollars inside the market."""
        outside = (self.ledger.world, self.ledger.protocol)
        return sum(self.ledger.balance(USD_ASSET, a) for a in range(self.ledger.accounts) if a not in outside)
