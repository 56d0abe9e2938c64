"""Vaults: who owns the rigs behind fractions, what they earn, and how holders get out."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.vaults import exits, formulas, kernels
from model.mechanisms.vaults.public import Redeem, VaultsParams, VaultsView
from model.mechanisms.vaults.table import (
    NONE,
    Due,
    Laws,
    Life,
    Measured,
    Received,
    Shared,
    VaultKind,
    VaultStatus,
    VaultTable,
    empty_table,
    part_of,
    state_columns,
)
from model.units import TOKEN, USD
from model.view import frozen

BROKEN = (
    "",
    "promises {says} GH/s and has {there} registered",
    "counts {says} fractions outstanding and has issued {there}",
    "counts {says} satoshi as not yet credited, and its pot holds {there}",
)
SHOWN = {name: {"cost": "cost_per_fraction"}.get(name, name) for name in VaultsView._fields[2:]}


class Vaults(Mechanism):
    """All vaults; every column of `VaultTable` is an attribute, `vaults.fraction[v]`.

    Attributes:
        n: vaults so far
        operator: account that runs the rigs, takes the service fee and advances losses
        advance: asset of what vaults owe the operator
    """

    key = "vaults"
    needs = ("bitcoin", "rigs", "payout")
    Params = VaultsParams
    bitcoin: Any
    rigs: Any
    payout: Any

    @classmethod
    def room(cls, params: VaultsParams) -> tuple[int, int, int]:
        """A fraction and a receipt, an income line and two accounts for each vault; the operator's debt and account."""
        return 2 * params.capacity + 1, params.capacity, 2 * params.capacity + 1

    def __init__(self, market: Any, params: VaultsParams) -> None:
        super().__init__(market, params)
        self.table: VaultTable = empty_table(params.capacity)
        self.received, self.dues, self.shared, self.lives, self.laws, self.measured = (
            part_of(self.table, kind) for kind in (Received, Due, Shared, Life, Laws, Measured)
        )
        self.n = 0
        self.room_left = params.capacity  # vaults that can still be made; slots of failed offerings are used again
        self.operator = self.ledger.open_account("platform", "operator of vaults")
        self.advance = self.ledger.add_asset("advances to vaults", Group.DEBT, (self.operator,))
        self.ledger.value[self.advance] = -1 / USD
        self._due = np.zeros(params.capacity, np.int64)
        self._fault = np.zeros(4, np.int64)
        self.figures, self.figures_of = np.zeros(16), NONE - 1  # kept for the metrics of a tick
        self._shown: tuple[int, str] = (NONE, "")
        self._view: VaultsView | None = None

    def __getattr__(self, name: str) -> Any:
        if name in VaultTable._fields:
            return getattr(self.__dict__["table"], name)
        raise AttributeError(f"Vaults has no '{name}'")

    def open(self) -> None:
        """Give the operator his capital."""
        capital = round(self.params.operator_capital * USD)
        self.ledger.pay(USD_ASSET, self.ledger.world, self.operator, capital, Flow.ENDOWMENT)

    # -- vaults come and go

    def create(self, creator: int, ghs: int, supply: int | None = None, *, offered: bool = False) -> int:
        """Make a vault of a creator's rigs and give him all its fractions; its number, -1 when the table is full.

        Args:
            creator: account
            ghs: GH/s that move to the vault, no more than he has registered; 0 when the rigs are added by `endow`
            supply: base units, by the scenario's number of whole fractions if not given
            offered: on offer, rather than in circulation at once
        """
        v = self._free_slot()
        if v == NONE:
            return NONE
        t, minted = self.table, self.params.supply * TOKEN if supply is None else supply
        t.kind[v], t.creator[v], t.supply[v], t.born[v] = VaultKind.RIG, creator, minted, max(0, self.clock.tick)
        for column in (t.gross, t.power, t.fee, t.cost, t.net_income, t.seen, t.holders):
            column[v] = 0
        for column in (t.income, t.cost_per_th, t.cost_per_fraction):
            column[v] = 0.0
        t.ghs[v] = self.rigs.transfer(creator, int(t.account[v]), ghs) if ghs > 0 else 0
        self.set_status(v, VaultStatus.OFFERED if offered else VaultStatus.LIVE)
        self.ledger.pay(int(t.fraction[v]), int(t.account[v]), creator, minted, Flow.MINT)
        self.ledger.value[int(t.fraction[v])] = self.rigs.mark(int(t.account[v])) / minted
        self._look_at(v)
        return v

    def endow(self, v: int, ghs: int, j_per_th: float, power_price: float) -> None:
        """Give a vault rigs that nobody had before (at the start of a run)."""
        self.rigs.add_fleet(int(self.table.account[v]), ghs, j_per_th, power_price)
        self.table.ghs[v] += ghs
        self._look_at(v)

    def release(self, v: int) -> None:
        """Let the fractions of a vault circulate; its life begins."""
        self.table.born[v] = max(0, self.clock.tick)
        self.set_status(v, VaultStatus.LIVE)

    def dissolve(self, v: int, holder: int) -> None:
        """Undo a vault whose fractions one account holds: they are burnt, and all it has and owes is its creator's."""
        t, ledger = self.table, self.ledger
        account, creator = int(t.account[v]), int(t.creator[v])
        ledger.pay(int(t.fraction[v]), holder, account, int(t.supply[v]), Flow.BURN)
        self.rigs.transfer(account, creator, int(self.rigs.registered[account]))
        for asset in (USD_ASSET, BTC_ASSET, PAYABLE_ASSET):
            ledger.pay(asset, account, creator, ledger.balance(asset, account), Flow.TRANSFER)
        debt = ledger.balance(self.advance, account)
        exits.repay(self, creator, account, min(debt, max(0, ledger.balance(USD_ASSET, creator))))
        exits.write_off(self, v)
        t.supply[v] = t.ghs[v] = 0
        self.set_status(v, VaultStatus.NONE)

    def receipt(self, v: int, issuer: int) -> int:
        """Asset of claims on fractions in escrow, issued by the escrow account; made on first use."""
        if self.table.receipts[v] == NONE:
            self.table.receipts[v] = self.ledger.add_asset(f"receipt {v}", Group.RECEIPT, (issuer,))
        return int(self.table.receipts[v])

    def _free_slot(self) -> int:
        """A slot whose offering failed, or a new one with its accounts, asset and income line; -1 if there is none."""
        t, ledger = self.table, self.ledger
        again = np.flatnonzero(t.status[: self.n] == VaultStatus.NONE)
        if again.size:
            return int(again[0])
        if self.n >= self.params.capacity:
            return NONE
        v = self.n
        t.account[v] = ledger.open_account("vaults", f"vault {v}")
        t.pot[v] = ledger.open_account("vaults", f"income of vault {v}")
        t.fraction[v] = ledger.add_asset(f"fraction {v}", Group.FRACTION, (int(t.account[v]),))
        t.line[v] = ledger.add_line(int(t.fraction[v]), BTC_ASSET, int(t.pot[v]))
        self.n += 1
        return v

    def set_status(self, v: int, status: VaultStatus) -> None:
        """Let a vault enter the next part of its life."""
        self.table.status[v] = status
        self.table.live[v] = status == VaultStatus.LIVE
        self.room_left = int(np.count_nonzero(self.table.status == VaultStatus.NONE))
        self.table.life_left[v] = self.params.life_days if status in (VaultStatus.OFFERED, VaultStatus.LIVE) else 0.0

    def _look_at(self, v: int) -> None:
        """What a vault's rigs are like, which stays."""
        account = int(self.table.account[v])
        self.table.efficiency[v] = self.rigs.efficiency(account)
        self.table.power_price[v] = self.rigs.power_price(account)
        self._recount(v)

    def _recount(self, v: int) -> None:
        """What is worked out for one vault a day: its holders, and the running cost of rigs that stand still."""
        t, account = self.table, int(self.table.account[v])
        t.holders[v] = kernels.count_holders(self.ledger.books, int(t.fraction[v]), self.ledger.accounts)
        if t.power[v] == 0:
            fee, discount = self.params.service_fee, self.params.discount
            t.cost_per_th[v] = formulas.maintenance(float(self.rigs.running_cost(account)), fee, discount)
        if t.supply[v] > 0:
            t.th_per_fraction[v] = t.ghs[v] / kernels.GHS_PER_TH / (t.supply[v] / TOKEN)
            t.cost_per_fraction[v] = t.cost_per_th[v] * t.th_per_fraction[v]

    # -- the day

    @stage("accrual")
    def accrue(self) -> None:
        """Vault income pays power, operator and advances; the rest reaches fraction holders."""
        if self.n == 0:
            return
        t, p, books, days = self.table, self.params, self.ledger.books, self.clock.dt_days
        kernels.rig_income(
            self.received,
            self.n,
            self.payout.gross,
            self.rigs.bill,
            self.rigs.delivered,
            p.service_fee,
            p.discount,
            days,
        )
        if kernels.find_need(books, self.dues, self.n, self.operator, self.advance):
            self.bitcoin.raise_cash(t.account[: self.n], t.need[: self.n])
        kernels.distribute(books, self.shared, self.n, self.operator, self.advance, p.shortfall == "operator_absorbs",
            float(self.bitcoin.sell_price), min(1.0, days / p.smoothing_days), days,
        )  # fmt: skip
        if self.clock.new_day:
            self._recount(self.clock.day % self.n)
            self._sweep()

    def _sweep(self) -> None:
        """The operator's cash above his capital leaves."""
        surplus = self.ledger.balance(USD_ASSET, self.operator) - round(self.params.operator_capital * USD)
        if surplus > 0:
            self.ledger.pay(USD_ASSET, self.operator, self.ledger.world, surplus, Flow.SURPLUS)

    @settles(Redeem)
    def redeem(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Fractions are given back for rigs, or for cash once the vault has ended."""
        books = self.ledger.books
        if not kernels.settle_claims(books, self.table, self.n, rows, order):
            return
        for j, i in enumerate(order):
            if rows[i]["status"] != Status.PENDING:
                continue
            if self.table.status[rows[i]["vault"]] == VaultStatus.ENDED:  # since the row before
                kernels.settle_claims(books, self.table, self.n, rows, order[j : j + 1])
            else:
                rows[i]["status"], rows[i]["filled"] = exits.take_rigs(
                    self, int(rows[i]["account"]), int(rows[i]["vault"]), int(rows[i]["amount"])
                )

    @stage("clear")
    def wind_up(self) -> None:
        """Vaults promise no more than the rigs they have left; at the end of their life rigs are sold for cash."""
        life = self.clock.ticks_of(self.params.life_days)
        ends = kernels.follow_rigs(
            self.lives, self.n, self.rigs.registered, self.clock.tick, life, self.clock.dt_days, self._due
        )
        for v in self._due[:ends]:
            exits.wind_up(self, int(v))

    # -- looks and laws

    def view(self) -> VaultsView:
        """What strategies see."""
        now = (self.n, self.params.redemption)
        if self._view is None or self._shown != now:
            columns = {name: frozen(getattr(self.table, column)[: self.n]) for name, column in SHOWN.items()}
            self._view, self._shown = VaultsView(self.n, self.params.redemption, **columns), now
        return self._view

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """All but a vault's accounts and assets."""
        return state_columns(self.table)

    def state(self) -> Iterable[NDArray[Any]]:
        """All columns."""
        return self.table

    def check(self) -> None:
        """Rigs cover what is promised, fractions are as many as the vault says, and all income has an owner."""
        kernels.find_fault(self.ledger.books, self.laws, self.n, self.rigs.registered, self._fault)
        law, v, says, there = (int(x) for x in self._fault)
        if law:
            raise InvariantViolated(f"vault {v}: {BROKEN[law].format(says=says, there=there)}")
