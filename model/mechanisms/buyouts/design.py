"""What a design of buy-outs is: who may open, how others answer, when it is decided, and what escrow owes meanwhile.

A design answers with a status and the amount that moved. What it does not override it refuses.
"""

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.table import Phase

if TYPE_CHECKING:
    from model.mechanisms.buyouts.mechanism import Buyouts

Answer = tuple[Status, int]
REFUSED: Answer = (Status.NOT_ALLOWED, 0)
SHUT: Answer = (Status.CLOSED, 0)


class Design(ABC):
    """One design of buy-outs; a file of `designs` each.

    Attributes:
        name: what a scenario calls it
        pauses: whether fractions may not move while a buy-out is open
        binding: whether the offer will be the worth of a fraction unless somebody acts, so that new loans count no more

    Args:
        house: whose escrow and clocks it works with
    """

    name: ClassVar[str] = ""
    pauses: ClassVar[bool] = False
    binding: ClassVar[bool] = True

    def __init__(self, house: "Buyouts") -> None:
        self.house = house

    # -- what agents ask for; amounts are in range, the vault is there, and the account has what it offers

    @abstractmethod
    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Open a buy-out of a vault that may be bought out."""

    def counter(self, v: int, account: int, usd: int) -> Answer:
        """Pay for what the opener has locked."""
        return REFUSED

    def vote(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Votes, or votes taken back: rows of `VoteBuyout` in their order, as they are to be answered."""
        rows["status"][order] = Status.NOT_ALLOWED

    def tender(self, v: int, account: int, amount: int) -> Answer:
        """Sell fractions to the opener."""
        return REFUSED

    def bid(self, v: int, account: int, usd: int) -> Answer:
        """Outbid the best bid."""
        return REFUSED

    def withdraw(self, v: int, account: int) -> Answer:
        """Take the best bid back."""
        return REFUSED

    # -- the clock

    @abstractmethod
    def settle(self, v: int, late: bool) -> None:
        """Decide an open buy-out, if it is time; called in every `clear`.

        Args:
            v: vault
            late: whether the deadline has passed
        """

    def follow(self, vaults: NDArray[np.int64]) -> None:
        """What happens to vaults in circulation in every tick, whether a buy-out is open or not."""

    # -- looks

    @property
    @abstractmethod
    def window(self) -> float:
        """Days in which holders can act on an offer."""

    def least_stake(self, v: int) -> int:
        """Fractions that who opens must lock [base units]."""
        return 0

    def least_bid(self, v: int) -> int:
        """Dollars that who opens must put down at least [base units]; 0 where there is no such rule."""
        return 0

    def need(self, v: int) -> int:
        """Dollars that block an open buy-out, or outbid its best bid [base units]."""
        return 0

    def stood(self, v: int) -> float:
        """Days for which the best bid has stood, NaN while it may not be taken back."""
        return math.nan

    def voted(self, v: int) -> float:
        """Part of the supply that has voted or been tendered."""
        return 0.0

    @property
    def threshold(self) -> float:
        """Part of the supply that must have."""
        return 0.0

    def stand(
        self,
        vaults: NDArray[np.int64],
        voted: NDArray[np.float64],
        least_stake: NDArray[np.int64],
        least_bid: NDArray[np.int64],
    ) -> None:
        """Fill columns by vault of the three methods with these names, for many vaults at once; all hold zeros before."""
        for v in vaults.tolist():
            voted[v], least_stake[v], least_bid[v] = self.voted(v), self.least_stake(v), self.least_bid(v)

    # -- the law

    @abstractmethod
    def owes(self, v: int) -> tuple[int, int]:
        """Dollars and fractions that escrow must hold for an open buy-out by the terms of the design [base units]."""


class Piecewise(Design):
    """A proposer puts down all others' fractions at his price; fractions in escrow can be bought from it piece by piece.

    Escrow holds price x (supply - fractions in escrow) at any moment, rounded up once, so that no piece loses a unit.
    """

    def start(self, v: int, account: int, fractions: int, usd: int, phase: Phase) -> Answer:
        """Lock the stake and the deposit: (supply - own) x price, rounded up."""
        h, supply = self.house, int(self.house.vaults.supply[v])
        rest = supply - fractions
        if rest <= 0:
            return REFUSED
        price = formulas.price_of(usd, rest)
        if not h.payable(v, price):
            return Status.AMOUNT, 0
        deposit = formulas.cost_of(rest, price)
        h.begin(v, account, price, fractions, phase)
        h.lock(v, account, account, fractions)
        h.pay_in(v, account, account, deposit)
        return Status.DONE, deposit

    def buy_piece(self, v: int, account: int, usd: int) -> Answer:
        """Sell fractions in escrow for at most `usd` at the proposer's price; his deposit grows by what is paid."""
        h, t = self.house, self.house.table
        locked, most = h.locked(v), self.need(v)
        if account == t.opener[v]:
            return REFUSED
        if usd > most:
            return Status.DEPTH, 0
        bought = locked if usd == most else min(locked, formulas.bought_with(usd, int(t.price[v])))
        if bought <= 0:
            return Status.AMOUNT, 0
        cost = formulas.cost_of(int(h.vaults.supply[v]) - locked + bought, int(t.price[v])) - h.cash(v)
        h.pay_in(v, account, int(t.opener[v]), cost)
        h.unlock(v, int(t.opener[v]), account, bought)
        return Status.DONE, cost

    def need(self, v: int) -> int:
        """What all fractions in escrow cost."""
        h = self.house
        return formulas.cost_of(int(h.vaults.supply[v]), int(h.table.price[v])) - h.cash(v)

    def owes(self, v: int) -> tuple[int, int]:
        """Price x (supply - fractions in escrow), and those fractions."""
        h = self.house
        locked = h.locked(v)
        return formulas.cost_of(int(h.vaults.supply[v]) - locked, int(h.table.price[v])), locked

    def give_back(self, v: int) -> None:
        """The proposer has lost: all dollars and fractions in escrow are his."""
        h = self.house
        h.lose(v, f"{h.cash(v) / h.unit:,.2f} USD and {h.locked(v) / h.unit:,.2f} fractions go back to him")
