"""A market with real vaults, pools, lending and buy-outs; every agent holds fractions of a rig vault and of a collectible."""

from typing import Any

import numpy as np

from model.actions import Status
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.buyouts import Buyouts, BuyoutsParams
from model.mechanisms.lending import Lending, LendingParams, Supply
from model.mechanisms.vaults import ends
from model.nft_kind import NftKind
from model.settlement import Settlement
from tests.lending_house import Oracle
from tests.vault_house import WHOLE, House

RIGS, COLLECTIBLE = 0, 1
CAPACITY = 3
WORTH = 6_000.0  # appraisal of the collectible [USD]


class BuyoutHouse(House):
    """Agents with cash, a vault with rigs, one with a collectible, and a design.

    Args:
        design: of buy-outs
        price: of a whole fraction by the oracle [USD]
        lend: that the last agent supplies at the start [USD]
        pools: whether both vaults have pools, of a tenth of the supply each
        given: parameters of vaults
        params: of buy-outs
    """

    spare = (40, 40)

    def __init__(
        self,
        design: str = "niftex_v2",
        agents: int = 5,
        hours: int = 24,
        pools: bool = False,
        price: float = 6.0,
        lend: float = 0.0,
        vaults: Any = None,
        **params: Any,
    ) -> None:
        super().__init__(agents=agents, hours=hours, pools=pools, vaults={"capacity": CAPACITY, **(vaults or {})})
        self.buyouts = self._add(Buyouts, BuyoutsParams(design=design, capacity=CAPACITY, **params))
        self.oracle = self._add(Oracle, None)
        self.oracle.start(CAPACITY, price)
        self.vault(0, 30_000)
        creator = self.agents[0]
        self.vaults.create(creator, 0, kind=NftKind.COLLECTIBLE, nft=self.nfts.mint(creator, WORTH))
        for v in (RIGS, COLLECTIBLE):
            for i in range(1, agents):
                self.give(v, 0, i, int(self.vaults.supply[v]) // agents)
            if self.amm is not None:
                self.amm.seed(v, creator, int(100 * price) * WHOLE, 100 * WHOLE)
        self.lending = self._add(Lending, LendingParams(capacity=CAPACITY, loan_to_value=0.5, cap_share=10.0))
        self.lending.open()
        self.settlement = Settlement(self.market)
        self.morning()
        if lend:
            self.do(Supply(self.agents[-1], amount=int(lend * WHOLE)))

    def do(self, action: Any) -> tuple[Status, int]:
        """Settle one row; what became of it."""
        self.act(action)
        return Status(int(action.rows["status"][0])), int(action.rows["filled"][0])

    def morning(self) -> None:
        """Income of vaults, pools, pledges and locked fractions."""
        super().morning()
        if "lending" in self.market.mechanisms:
            self.buyouts.pass_income()
            self.lending.accrue()
            self.lending.look()

    def evening(self) -> None:
        """Clear, mark and check."""
        self.vaults.wind_up()
        self.buyouts.decide()
        self.lending.claim_cash()
        self.lending.liquidate()
        self.lending.write_off()
        self.vaults.mark()
        if self.amm is not None:
            self.amm.mark()
        self.lending.mark()
        self.buyouts.mark()
        self.check()
        self.clock.tick += 1

    def next_day(self, ticks: int = 1) -> None:
        """An evening and a morning, or several."""
        for _ in range(ticks):
            self.evening()
            self.morning()

    def check(self) -> None:
        """All laws."""
        super().check()
        if "lending" in self.market.mechanisms:
            self.lending.check()
            self.buyouts.check()

    def escrow(self, v: int) -> tuple[int, int]:
        """Dollars and fractions in escrow [base units]."""
        return self.buyouts.cash(v), self.buyouts.locked(v)

    def earned(self, account: int) -> int:
        """Satoshi that an account has, once all that is due on anything is collected."""
        for asset in range(len(self.ledger.asset_names)):
            self.ledger.collect(asset, np.array([account]))
        return self.ledger.balance(BTC_ASSET, account)

    def usd(self) -> int:
        """All dollars inside the market."""
        outside = (self.ledger.world, self.ledger.protocol)
        return sum(self.ledger.balance(USD_ASSET, a) for a in range(self.ledger.accounts) if a not in outside)

    def end_vault(self, v: int) -> None:
        """Wind a vault up."""
        ends.wind_up(self.vaults, v)
