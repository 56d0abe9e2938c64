"""The lending pool's accounts and assets, what it has and owes, and its rates."""

from bisect import insort
from typing import Any

import numpy as np

from model.errors import ScenarioError
from model.flows import Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.lending import formulas
from model.mechanisms.lending.interest import stand
from model.mechanisms.lending.params import LendingParams
from model.mechanisms.lending.table import INDEX_DEBT, INDEX_DEPOSIT, Desk, Standing, empty_desk, longer
from model.rates import jump_rate, kinked_rate
from model.units import BPS, INDEX, USD


class Pool(Mechanism):
    """What the lending pool has and owes.

    Attributes:
        pool, reserve, fund: accounts: of the cash, of the reserve's claims on it, of the insurance fund
        debt_asset, deposit_asset, claim_asset: scaled debts, deposit shares, claims of the reserve [USD base units]
        desk: columns by vault and account, and the sums, see `table`
        passing: pledges as parked fractions, whose income goes to the pledgers
        opened: vaults of which fractions can be pledged, and the assets of their pledges, by vault
        standing: orders of liquidators by account
        collateral_value, backing, debt_usd: of each account that ever pledged; what new loans count is the second [USD]
        health: of each account, infinite without debt
        space: for a number of each account
    """

    Params = LendingParams
    params: LendingParams
    vaults: Any
    oracle: Any

    @classmethod
    def room(cls, params: LendingParams) -> tuple[int, int, int]:
        """Debts, deposits, reserve; a pledge asset with two lines, and an account, per vault; the pool's three accounts."""
        return params.capacity + 3, 2 * params.capacity, params.capacity + 3

    def __init__(self, market: Any, params: LendingParams) -> None:
        super().__init__(market, params)
        vaults, ledger = self.vaults.status.size, self.ledger
        if params.capacity < vaults:
            raise ScenarioError(
                f"{self.key}.capacity = {params.capacity}: there may be {vaults} vaults; "
                "set it to vaults.capacity or more"
            )
        names = ("lending pool", "reserve of the lending pool", "insurance fund of the lending pool")
        self.pool, self.reserve, self.fund = (ledger.open_account("credit", name) for name in names)
        self.debt_asset = ledger.add_asset("debt", Group.DEBT, (self.pool,))
        self.deposit_asset = ledger.add_asset("deposit", Group.DEPOSIT, (self.pool,))
        self.claim_asset = ledger.add_asset("reserve of the lending pool", Group.RECEIPT, (self.pool,))
        size = ledger.books.sector.size
        desk, self.passing = empty_desk(vaults, size)
        self.desk: Desk = desk._replace(pool=self.pool, debt=self.debt_asset, deposit=self.deposit_asset)
        self.standing = Standing(np.zeros(size, np.int64), np.zeros(size, np.int64))
        self.collateral_value, self.backing, self.debt_usd = np.zeros(size), np.zeros(size), np.zeros(size)
        self.health = np.full(size, np.inf)
        self.space = np.zeros(size, np.int64)
        self.opened: list[tuple[int, int]] = []
        self.vaults.serve(self.passing)
        self.mark_assets()

    def grow(self) -> None:
        """Give new accounts their place in the columns."""
        size, old = self.ledger.books.sector.size, self.health.size
        if size == old:
            return
        d, s = self.desk, self.standing
        self.desk = d._replace(**{name: longer(getattr(d, name), size) for name in ("principal", "known", "moved")})
        self.standing = Standing(longer(s.capital, size), longer(s.least, size))
        self.collateral_value, self.debt_usd = longer(self.collateral_value, size), longer(self.debt_usd, size)
        self.backing = longer(self.backing, size)
        self.health, self.space = longer(self.health, size), np.zeros(size, np.int64)
        self.health[old:] = np.inf

    def open_pledges(self, v: int) -> None:
        """Make the account and the asset of a vault's pledges, with both income lines."""
        d, ledger = self.desk, self.ledger
        parked = d.parked[v] = ledger.open_account("credit", f"pledges of vault {v}")
        d.pledge[v] = ledger.add_asset(f"pledge {v}", Group.RECEIPT, (parked,))
        for paid in (BTC_ASSET, USD_ASSET):
            ledger.add_line(int(d.pledge[v]), paid, parked)
        insort(self.opened, (v, int(d.pledge[v])))
        self.passing.least[v] = max(1, int(self.vaults.supply[v]) // BPS)
        ledger.value[d.pledge[v]] = ledger.value[self.vaults.fraction[v]]

    # -- what it has and owes, USD base units

    def stand(self) -> tuple[int, int, int, int]:
        """Cash, debt, deposits and reserves, all at once."""
        found: tuple[int, int, int, int] = stand(self.ledger.books, self.desk, self.claim_asset)
        return found

    @property
    def cash(self) -> int:
        """Cash at hand."""
        return self.ledger.balance(USD_ASSET, self.pool)

    @property
    def debt(self) -> int:
        """Owed to the pool by all."""
        return formulas.owed(self.ledger.outstanding(self.debt_asset), int(self.desk.sums[INDEX_DEBT]))

    @property
    def deposits(self) -> int:
        """Owed to depositors by the pool."""
        return formulas.claimed(self.ledger.outstanding(self.deposit_asset), int(self.desk.sums[INDEX_DEPOSIT]))

    @property
    def reserves(self) -> int:
        """Owed to the reserve."""
        return self.ledger.outstanding(self.claim_asset)

    @property
    def surplus(self) -> int:
        """Cash and debts above what is owed: roundings and fees of flash loans until they are shared out."""
        cash, debt, deposits, reserves = self.stand()
        return cash + debt - deposits - reserves

    def owed_by(self, account: int) -> int:
        """Debt of an account."""
        return formulas.owed(self.ledger.balance(self.debt_asset, account), int(self.desk.sums[INDEX_DEBT]))

    # -- rates [1, 1/year]

    @property
    def utilisation(self) -> float:
        """Lent out, over what depositors own."""
        cash, debt, _, reserves = self.stand()
        return formulas.utilisation(float(cash), float(debt), float(reserves))

    @property
    def borrow_rate(self) -> float:
        """What borrowers pay at this utilisation."""
        return self.borrow_rate_at(self.utilisation)

    def borrow_rate_at(self, used: float) -> float:
        """What borrowers pay at a utilisation."""
        p = self.params
        if p.rates == "kinked":
            return kinked_rate(used, p.base, p.slope1, p.slope2, p.kink)
        return jump_rate(used, p.base, p.multiplier, p.jump, p.kink)

    @property
    def supply_rate(self) -> float:
        """What depositors earn at this utilisation."""
        return self.supply_rate_at(self.utilisation)

    def supply_rate_at(self, used: float) -> float:
        """What depositors earn at a utilisation."""
        return formulas.supply_rate(self.borrow_rate_at(used), used, self.params.reserve_factor)

    # -- marks

    def mark_assets(self) -> None:
        """Debts, deposits and the reserve's claims at what they come to."""
        value, sums = self.ledger.value, self.desk.sums
        value[self.debt_asset] = -int(sums[INDEX_DEBT]) / INDEX / USD
        value[self.deposit_asset] = int(sums[INDEX_DEPOSIT]) / INDEX / USD
        value[self.claim_asset] = 1.0 / USD
