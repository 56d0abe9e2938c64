"""How buy-outs begin and end: clocks, pauses, who gets what, and what is counted."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from model.flows import Flow
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import Design
from model.mechanisms.buyouts.escrow import Escrow
from model.mechanisms.buyouts.table import Phase, clear_row
from model.units import LARGEST_POSTING, TOKEN, USD

# places in the counts since the start
OPENED, WON, LOST, BLOCKED, CANCELLED, PAID, WORTH, COUNTS = range(8)


class Ending(Escrow, ABC):
    """Buy-outs from their first day to their last.

    Attributes:
        counts: opened, won, lost, of those blocked by others, taken back; dollars for others' fractions of bought-out
            vaults, what these were appraised at [USD base units]
        premium: sum over openings of the offer's premium over the market's price and over the appraisal, and how many
            had each; float64[2, 2]
        restricted: whether any buy-out was open when venues and credit were told last; pausing: whether one paused a vault
    """

    auction: Any
    nfts: Any

    def __init__(self, market: Any, params: Any) -> None:
        super().__init__(market, params)
        self.counts = np.zeros(COUNTS, np.int64)
        self.premium = np.zeros((2, 2))
        self.restricted = self.pausing = False
        self._told: tuple[Any, ...] = ()

    @abstractmethod
    def design_of(self, v: int) -> Design:
        """The design by which a vault is bought out."""

    def is_open(self, v: int) -> bool:
        """Whether a buy-out of a vault is open."""
        return bool(self.table.phase[v])  # `Phase.NONE` is 0, and reading a member of an Enum is slow

    def appraisal(self, v: int) -> float:
        """What a vault's NFT or rigs are appraised at [USD]."""
        nft = int(self.vaults.nft[v])
        if nft >= 0:
            return float(self.nfts.appraised(nft))
        return float(self.vaults.rigs.mark(int(self.vaults.account[v])))

    def payable(self, v: int, price: int) -> bool:
        """Whether one posting can pay a price [USD base units per whole fraction] for all of a vault."""
        return 0 < price < LARGEST_POSTING and price * int(self.vaults.supply[v]) < LARGEST_POSTING * TOKEN

    # -- the beginning

    def begin(self, v: int, opener: int, price: int, stake: int, phase: Phase, days: float = 0.0) -> None:
        """Note a new buy-out and pause what its design pauses; `days` until it is decided, 0 for no clock yet."""
        t, ledger = self.table, self.ledger
        t.phase[v], t.opener[v], t.price[v], t.stake[v] = phase, opener, price, stake
        t.opened[v] = t.raised[v] = max(0, self.clock.tick)
        if days > 0:
            self.set_deadline(v, days)
        if self.auction is not None and self.pauses(v):
            self.auction.cancel_all(v)
        self.counts[OPENED] += 1
        offered = price / USD
        market = float(ledger.value[self.vaults.fraction[v]]) * TOKEN
        worth = self.appraisal(v) / (int(self.vaults.supply[v]) / TOKEN)
        for k, base in enumerate((market, worth)):
            if base > 0.0:
                self.premium[k] += (offered / base - 1.0, 1.0)
        text = f"{self.design_of(v).name}: {offered:,.4g} USD a fraction; market {market:,.4g}, appraisal {worth:,.4g}"
        self.journal.event("buyout_opened", text, account=opener, vault=v, amount=offered)

    def set_deadline(self, v: int, days: float, turn: bool = False) -> None:
        """Let the clock run for so many days, to the decision or to the turn of the phase."""
        column = self.table.turn if turn else self.table.deadline
        column[v] = int(self.table.opened[v]) + self.clock.ticks_of(days)

    def pay_in(self, v: int, payer: int, claimant: int, usd: int) -> None:
        """Dollars go into escrow; the opener's first ones are his offer."""
        super().pay_in(v, payer, claimant, usd)
        if self.table.offer[v] == 0 and payer == self.table.opener[v]:
            self.table.offer[v] = usd

    def replace_bid(self, v: int, bidder: int, usd: int) -> None:
        """A better bid takes the place of the best so far, which is paid back."""
        t, before = self.table, int(self.table.opener[v])
        Escrow.pay_in(self, v, bidder, bidder, usd)
        self.pay_back(v, before, before, int(t.offer[v]))
        t.opener[v], t.offer[v], t.price[v] = bidder, usd, formulas.price_of(usd, int(self.vaults.supply[v]))
        t.raised[v] = self.clock.tick

    # -- pauses

    def pauses(self, v: int) -> bool:
        """Whether a vault's fractions may not move while its buy-out is open."""
        rule = self.params.pauses
        return rule == "always" or (rule == "design" and type(self.design_of(v)).pauses)

    def show(self) -> None:
        """Tell venues and credit which fractions may not move, and what binding offers they stand under."""
        t, vaults, p = self.table, self.vaults, self.params
        open_ones = t.phase.nonzero()[0].tolist()
        told = [(v, t.price.item(v), vaults.kind.item(v)) for v in open_ones], p.pauses, p.pause_blocks_liquidation
        if told == self._told:
            return
        self._told, self.restricted, self.pausing = told, bool(open_ones), False
        vaults.paused[:] = vaults.halted[:] = False
        vaults.ceiling[:] = np.inf
        for v in open_ones:
            design = self.design_of(v)
            if self.pauses(v):
                vaults.paused[v] = self.pausing = True
                vaults.halted[v] = p.pause_blocks_liquidation
            if type(design).binding:
                vaults.ceiling[v] = t.price[v] / USD

    # -- the end

    def win(self, v: int, winner: int, cash: int, retired: int) -> None:
        """The NFT or the rigs are the winner's; his locked fractions are burnt, and the others claim the cash.

        Args:
            v: vault
            winner: account
            cash: for all other fractions [USD base units]
            retired: of his fractions in escrow [base units]
        """
        t, escrow, opener = self.table, int(self.table.account[v]), int(self.table.opener[v])
        worth, supply = self.appraisal(v), int(self.vaults.supply[v])
        rest = supply - retired
        self.ledger.pay(int(t.claim[v]), opener, escrow, cash, Flow.BURN)
        self.ledger.pay(int(t.share[v]), opener, escrow, retired, Flow.BURN)
        moved = self.vaults.hand_over(v, winner, escrow, cash, retired)
        self.release(v)
        self.sweep(v, opener)
        t.sold[v] = formulas.price_of(cash, rest) if rest else 0
        share = rest / supply
        self.counts[WON] += 1
        self.counts[PAID] += cash
        self.counts[WORTH] += round(worth * share * USD)
        text = (
            f"{cash / USD:,.2f} USD for {share:.1%} of {worth:,.2f} USD; {moved} and {self.ledger.name(winner)} owns it"
        )
        self._close(v)
        self.journal.event("buyout_won", text, account=winner, vault=v, amount=cash / USD)

    def lose(self, v: int, text: str, blocked: bool = False) -> None:
        """The buy-out has failed: what is in escrow goes to those who have the claims."""
        opener = int(self.table.opener[v])
        self.release(v)
        self.sweep(v, opener)
        self._close(v)
        self.counts[LOST] += 1
        self.counts[BLOCKED] += blocked
        self.journal.event("buyout_blocked" if blocked else "buyout_failed", text, account=opener, vault=v)

    def withdraw(self, v: int) -> int:
        """The best bid goes back and no other is there; votes stay locked. Dollars that come back [base units]."""
        bidder, usd = int(self.table.opener[v]), int(self.table.offer[v])
        self.pay_back(v, bidder, bidder, usd)
        self._close(v)
        self.counts[CANCELLED] += 1
        self.journal.event("buyout_cancelled", "the bid is taken back", account=bidder, vault=v, amount=usd / USD)
        return usd

    def cancel(self, v: int) -> None:
        """The vault has ended otherwise: all in escrow goes back to whom it belongs, who claim with the rest."""
        opener = int(self.table.opener[v])
        self.release(v)
        self.sweep(v, opener if opener >= 0 else self.market.platform)
        if self.is_open(v):
            self._close(v)
            self.counts[CANCELLED] += 1
            self.journal.event("buyout_cancelled", "the vault has ended", account=opener, vault=v)

    def _close(self, v: int) -> None:
        clear_row(self.table, v)
        self.show()
