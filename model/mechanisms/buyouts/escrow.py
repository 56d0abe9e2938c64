"""Escrow of buy-outs: dollars and fractions on accounts of their own, and claims on both in the hands of their owners.

What a locked fraction earns goes to the holder of the claim on it (`model.pass_through`). A claim on dollars is worth a
dollar a unit: it says to whom escrow pays if the buy-out fails.
"""

from typing import Any

import numpy as np

from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.buyouts.params import BuyoutsParams
from model.mechanisms.buyouts.table import NONE, PASSING, BuyoutTable, empty_table
from model.mechanisms.buyouts.votes import Votes
from model.pass_through import Passing
from model.units import USD

LEAST_SHARE = 10_000  # income is credited once a part of 1e-4 of the supply is locked, or it would exhaust the index
Owned = list[tuple[int, int]]


class Escrow(Mechanism):
    """Accounts, claims, and what moves in and out.

    Attributes:
        table: buy-outs by vault, see `table`
        passing: locked fractions as parked ones
        votes: on reserves
        unit: base units of a dollar and of a whole fraction
    """

    Params = BuyoutsParams
    params: BuyoutsParams
    vaults: Any
    unit = USD

    @classmethod
    def room(cls, params: BuyoutsParams) -> tuple[int, int, int]:
        """Two claims, two income lines and two accounts per vault."""
        return 2 * params.capacity, 2 * params.capacity, 2 * params.capacity

    def __init__(self, market: Any, params: BuyoutsParams) -> None:
        super().__init__(market, params)
        self.table: BuyoutTable = empty_table(self.vaults.status.size)
        self.passing = Passing(*(getattr(self.table, name) for name in PASSING))
        self.votes = Votes(self.vaults.status.size)
        self.vaults.serve(self.passing)

    def furnish(self, v: int) -> None:
        """Make the accounts and claims of a vault, if there are none yet."""
        t, ledger = self.table, self.ledger
        t.least[v] = max(1, int(self.vaults.supply[v]) // LEAST_SHARE)
        if t.account[v] != NONE:
            return
        t.account[v] = escrow = ledger.open_account("venues", f"escrow of the buy-out of vault {v}")
        t.pot[v] = pot = ledger.open_account("venues", f"income of fractions locked for vault {v}")
        t.share[v] = ledger.add_asset(f"locked fractions {v}", Group.RECEIPT, (escrow,))
        t.claim[v] = ledger.add_asset(f"buy-out escrow {v}", Group.RECEIPT, (escrow,))
        for paid in (BTC_ASSET, USD_ASSET):
            ledger.add_line(int(t.share[v]), paid, pot)
        ledger.value[t.claim[v]] = 1.0 / USD
        ledger.value[t.share[v]] = ledger.value[self.vaults.fraction[v]]

    # -- looks

    def cash(self, v: int) -> int:
        """Dollars in escrow [base units]."""
        return self.ledger.balance(USD_ASSET, int(self.table.account[v])) if self.table.account[v] != NONE else 0

    def locked(self, v: int) -> int:
        """Fractions in escrow [base units]."""
        escrow = int(self.table.account[v])
        return self.ledger.balance(int(self.vaults.fraction[v]), escrow) if escrow != NONE else 0

    def claimed(self, v: int, account: int) -> int:
        """Dollars in escrow that are an account's [base units]."""
        return self.ledger.balance(int(self.table.claim[v]), account)

    def locked_by(self, v: int, account: int) -> int:
        """Fractions in escrow that are an account's [base units]."""
        return self.ledger.balance(int(self.table.share[v]), account)

    def at_hand(self, v: int, account: int) -> int:
        """Fractions that an account could move [base units]."""
        return self.ledger.balance(int(self.vaults.fraction[v]), account)

    def holds(self, v: int, account: int) -> bool:
        """Whether an account owns fractions: at hand, staked, or parked anywhere that passes income on to it."""
        if self.at_hand(v, account) > 0:
            return True
        places = (self.vaults.staking, *self.vaults.venues)
        shares = [int(place.share[v]) for place in places if v < place.share.size]
        return any(share >= 0 and self.ledger.balance(share, account) > 0 for share in shares)

    def claimants(self, v: int) -> Owned:
        """Accounts with claims on dollars in escrow, and how much."""
        return self._owners(int(self.table.claim[v]))

    def lockers(self, v: int) -> Owned:
        """Accounts with claims on fractions in escrow, and how many."""
        return self._owners(int(self.table.share[v]))

    def _owners(self, asset: int) -> Owned:
        if asset == NONE:
            return []
        held = self.ledger.books.balances[asset, : self.ledger.accounts]
        return [(int(a), int(held[a])) for a in np.flatnonzero(held > 0)]

    # -- moves

    def lock(self, v: int, owner: int, claimant: int, fractions: int) -> None:
        """Fractions go into escrow; the claim on them is somebody's."""
        t, escrow = self.table, int(self.table.account[v])
        self.ledger.pay(int(self.vaults.fraction[v]), owner, escrow, fractions, Flow.BUYOUT)
        self.ledger.pay(int(t.share[v]), escrow, claimant, fractions, Flow.MINT)

    def unlock(self, v: int, claimant: int, target: int, fractions: int) -> None:
        """Fractions leave escrow against the claim on them."""
        t, escrow = self.table, int(self.table.account[v])
        self.ledger.pay(int(t.share[v]), claimant, escrow, fractions, Flow.BURN)
        self.ledger.pay(int(self.vaults.fraction[v]), escrow, target, fractions, Flow.BUYOUT)

    def pay_in(self, v: int, payer: int, claimant: int, usd: int) -> None:
        """Dollars go into escrow; the claim on them is somebody's."""
        t, escrow = self.table, int(self.table.account[v])
        self.ledger.pay(USD_ASSET, payer, escrow, usd, Flow.BUYOUT)
        self.ledger.pay(int(t.claim[v]), escrow, claimant, usd, Flow.MINT)

    def pay_back(self, v: int, claimant: int, target: int, usd: int) -> None:
        """Dollars leave escrow against the claim on them."""
        t, escrow = self.table, int(self.table.account[v])
        self.ledger.pay(int(t.claim[v]), claimant, escrow, usd, Flow.BURN)
        self.ledger.pay(USD_ASSET, escrow, target, usd, Flow.BUYOUT)

    def hand_claim(self, v: int, claimant: int, target: int, usd: int) -> None:
        """A claim on dollars in escrow becomes another's."""
        self.ledger.pay(int(self.table.claim[v]), claimant, target, usd, Flow.BUYOUT)

    def release(self, v: int) -> None:
        """All that is in escrow goes back to those who have the claims."""
        for account, usd in self.claimants(v):
            self.pay_back(v, account, account, usd)
        for account, fractions in self.lockers(v):
            self.unlock(v, account, account, fractions)

    def sweep(self, v: int, taker: int) -> None:
        """Income that was too little to be credited, while few fractions were locked, goes to who opened the buy-out."""
        t, ledger, pot = self.table, self.ledger, int(self.table.pot[v])
        for asset, waiting, grant in (
            (BTC_ASSET, t.pending_btc, t.grant_btc), (USD_ASSET, t.pending_usd, t.grant_usd)
        ):  # fmt: skip
            ledger.pay(asset, pot, taker, int(waiting[v] + grant[v]), Flow.INCOME)
            waiting[v] = grant[v] = 0
