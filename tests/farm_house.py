"""A market with real vaults, pools, lending and farms; the test says what vaults earn and what the oracle reports."""

from typing import Any

import numpy as np

from model.actions import Status
from model.ledger import BTC_ASSET
from model.mechanisms.farms import Farms, FarmsParams, StakeFarm, UnstakeFarm
from model.mechanisms.lending import Lending, LendingParams, StandBy, Supply
from model.settlement import Settlement
from tests.lending_house import Oracle
from tests.vault_house import WHOLE, House

CAPACITY = 3
ROWS: list[dict[str, Any]] = [
    {"name": "chef", "design": "master_chef", "stake": "fraction"},
    {"name": "shares", "design": "master_chef", "stake": "amm", "weight": 2},
    {"name": "points", "design": "unifty_points", "stake": "fraction"},
    {"name": "token", "design": "staking_rewards", "stake": "token", "emission": {"rate": 50}},
    {"name": "deposits", "design": "staking_rewards", "stake": "deposit", "emission": {"rate": 50}},
    {"name": "burn", "design": "burn_and_mint", "stake": "token"},
]


class FarmHouse(House):
    """Agents who hold fractions of one vault and cash, its pool, a lending pool, and farms.

    Args:
        eligibility: which fractions earn
        rows: of the farms
        agents, hours: how many, and the length of a tick
        farms: further parameters
    """

    spare = (80, 200)

    def __init__(
        self,
        eligibility: str = "all_holders",
        rows: list[dict[str, Any]] | None = None,
        agents: int = 4,
        hours: int = 24,
        **farms: Any,
    ) -> None:
        vaults = {"capacity": CAPACITY, "eligibility": eligibility, "service_fee": 0.0}
        super().__init__(agents=agents, hours=hours, pools=True, vaults=vaults)
        self.market.shocks["emission"] = 1.0
        self.v = self.vault(0, 30_000)
        for i in range(1, agents):
            self.give(self.v, 0, i, 150 * WHOLE)
        self.amm.seed(self.v, self.agents[0], 1_000 * WHOLE, 100 * WHOLE)
        self.oracle = self._add(Oracle, None)
        self.oracle.start(CAPACITY, 10.0)
        self.lending = self._add(Lending, LendingParams(capacity=CAPACITY))
        self.lending.open()
        params = FarmsParams(capacity=CAPACITY, farm=ROWS if rows is None else rows, **farms)
        self.farms = self._add(Farms, params)
        self.farms.open()
        self.settlement = Settlement(self.market)
        self.earned = 0
        self.morning()
        self.do(Supply(self.agents[-1], amount=3_000 * WHOLE))
        self.do(StandBy(self.agents[-1], capital=1_000 * WHOLE, least=0))

    def farm(self, name: str) -> int:
        """Number of the farm of a row, for the first vault where it has one per vault."""
        return next(row.first for row in self.farms.rows if row.params.name == name)

    def do(self, action: Any) -> tuple[Status, int]:
        """Settle one row; what became of it."""
        self.act(action)
        return Status(int(action.rows["status"][0])), int(action.rows["filled"][0])

    def stake(self, agent: int, name: str, amount: int) -> tuple[Status, int]:
        return self.do(StakeFarm(self.agents[agent], farm=self.farm(name), amount=amount))

    def unstake(self, agent: int, name: str, amount: int = 1 << 40) -> tuple[Status, int]:
        return self.do(UnstakeFarm(self.agents[agent], farm=self.farm(name), amount=amount))

    def staked(self, agent: int, name: str) -> int:
        return self.ledger.balance(int(self.farms.table.share[self.farm(name)]), self.agents[agent])

    def morning(self) -> None:
        super().morning()
        if "farms" in self.market.mechanisms:
            self.lending.accrue()
            self.farms.accrue()
            self.lending.look()
            self.farms.look()

    def next_day(self, sat: int = 0, price: float | None = None) -> None:
        """An evening, and a morning on which the vault has earned so much."""
        self.vaults.wind_up()
        self.lending.claim_cash()
        self.lending.liquidate()
        self.lending.write_off()
        self.farms.take_in()
        self.vaults.mark()
        self.amm.mark()
        self.lending.mark()
        self.farms.mark()
        self.check()
        self.lending.check()
        self.farms.check()
        self.ledger.drain()
        self.clock.tick += 1
        if price is not None:
            self.oracle.price[:] = price
        if sat:
            self.mine(self.v, sat)
            self.earned += sat
        self.morning()

    def collect(self, agent: int) -> None:
        """Claim everything that any asset owes an agent."""
        lines = self.ledger.books.line
        for asset in np.flatnonzero((lines >= 0).any(axis=1)):
            self.ledger.collect(int(asset), np.array([self.agents[agent]]))

    def satoshi(self, agent: int) -> int:
        """Coins of an agent, once everything is claimed."""
        self.collect(agent)
        return self.ledger.balance(BTC_ASSET, self.agents[agent])

    def tokens(self, agent: int) -> int:
        self.collect(agent)
        return self.ledger.balance(self.farms.token, self.agents[agent])

    def points(self, agent: int) -> int:
        self.collect(agent)
        return self.ledger.balance(self.farms.points, self.agents[agent])
