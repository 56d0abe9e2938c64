"""The market's first morning: vaults that are already sold, with seeded pools, and clubs that ask for pledges."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanisms.offerings import kernels
from model.mechanisms.offerings.bringing import Lot, described, offer
from model.mechanisms.offerings.params import Opening
from model.nft_kind import BY_WORD, WITH_NFT, NftKind
from model.streams import uniforms
from model.units import DAYS_PER_MONTH, GHS_PER_TH, TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.offerings.mechanism import Offerings

NO_VAULT = -1


def creators(market: Any, n: int, kinds: tuple[str, ...] = ("miner",)) -> list[int]:
    """Accounts of n agents spread over the first of some kinds that the market has, or the platform's."""
    for kind in kinds:
        makers = market.populations.get(kind)
        if makers is not None and len(makers):
            return [int(makers.account[i * len(makers) // n]) for i in range(n)]
    return [market.platform] * n


class Buyers:
    """Agents of some kinds with their cash on the first morning.

    Args:
        market: where they live
        kinds: their kinds, those absent are passed over
    """

    def __init__(self, market: Any, kinds: tuple[str, ...]) -> None:
        self.market = market
        present = [market.populations[kind] for kind in kinds if kind in market.populations]
        self.populations = [p for p in present if len(p)]
        accounts = [p.account[: len(p)] for p in self.populations]
        self.account: NDArray[np.int64] = np.concatenate(accounts) if accounts else np.zeros(0, np.int64)
        self.cash: NDArray[np.int64] = market.ledger.books.balances[USD_ASSET, self.account]

    def joins(self, v: int, probability: float) -> NDArray[np.bool_]:
        """Who takes part in vault v, by a draw of each agent's own."""
        draws = [
            uniforms(self.market.streams.key("first holdings", p.table.kind), np.arange(len(p), dtype=np.int64), v)
            for p in self.populations
        ]
        return np.concatenate(draws) < probability if draws else np.zeros(0, np.bool_)


def sell_initial_vaults(o: "Offerings") -> None:
    """Make the initial vaults, sell them at the issue price to whoever can pay, and seed their venues.

    The issue price per whole fraction is multiple x worth of what the vault holds / supply. What is not sold stays with
    the creator. Clubs are founded, and go on offer.
    """
    p = o.params
    rows = [Opening(count=p.initial)] if p.initial else []
    rows += p.opening
    sold_now = sum(row.count for row in rows if row.kind != "club")
    buyers = Buyers(o.market, tuple(p.initial_buyers))
    spend = min(1.0, p.initial_spending / (sold_now * p.initial_breadth)) if sold_now else 0.0
    budget = np.floor(buyers.cash * spend).astype(np.int64)
    for row in rows:
        kind = BY_WORD[row.kind]
        artists = ("creator", "miner") if kind in WITH_NFT else ("miner",)
        for creator in creators(o.market, row.count, artists):
            if kind == NftKind.CLUB:
                _found(o, creator, row)
            elif not _sell(o, creator, row, buyers, budget):
                break


def _price(o: "Offerings", row: Opening, worth: float, supply: int) -> int:
    """Issue price [USD base units per whole fraction]."""
    multiple = o.params.issue_multiple if row.issue_multiple is None else row.issue_multiple
    return max(1, round(multiple * worth / supply * USD))


def _found(o: "Offerings", creator: int, row: Opening) -> bool:
    """A club that asks for pledges from the first day; whether there was room."""
    th = o.params.th if row.th is None else row.th
    price = _price(o, row, o.rigs.per_th * th, o.form_for(NftKind.CLUB).supply())
    return offer(o, creator, Lot(NftKind.CLUB, price, ghs=round(th * GHS_PER_TH))) == Status.DONE


def _make(o: "Offerings", creator: int, row: Opening, supply: int) -> tuple[int, float]:
    """A vault with what it holds, and what that is worth [USD]; -1 when there is no room."""
    p, vaults, kind = o.params, o.vaults, BY_WORD[row.kind]
    if kind in WITH_NFT:
        if vaults.room_left == 0:
            return NO_VAULT, 0.0
        nft = o.nfts.mint(creator, kind, p.appraisal if row.appraisal is None else row.appraisal)
        if nft < 0:
            return NO_VAULT, 0.0
        v = vaults.create(creator, 0, supply, kind=kind, nft=nft, term_days=row.term_days)
        return v, float(o.nfts.appraised(nft))
    v, th = vaults.create(creator, 0, supply, kind=kind, term_days=row.term_days), p.th if row.th is None else row.th
    if v >= 0:
        vaults.endow(v, round(th * GHS_PER_TH), o.rigs.shipping * p.initial_efficiency, p.initial_power_price)
    lent = 1.0
    if kind == NftKind.HASHPOWER_CONTRACT:  # a rig costs what it earns in the time in which buyers want it paid back
        lent = min(1.0, row.term_days / (o.rigs.rules.payback_limit * DAYS_PER_MONTH))
    return v, o.rigs.price * th * lent


def _sell(o: "Offerings", creator: int, row: Opening, buyers: Buyers, budget: NDArray[np.int64]) -> bool:
    """One vault, sold at once to whoever can pay; whether there was room."""
    p, vaults, ledger, form = o.params, o.vaults, o.ledger, o.form_for(BY_WORD[row.kind])
    v, worth = _make(o, creator, row, form.supply() * TOKEN)
    if v < 0:
        return False
    supply, fraction = int(vaults.supply[v]), int(vaults.fraction[v])
    price = _price(o, row, worth, form.supply())
    ledger.value[fraction] = price / USD / TOKEN
    parts = form.parts(supply, p.initial_keep_bps if row.keep_bps is None else row.keep_bps)
    sold = kernels.allot(
        ledger.books, fraction, creator, buyers.account, buyers.joins(v, p.initial_breadth), buyers.cash, budget,
        parts.offered, price, form.lot(price),
    )  # fmt: skip
    proceeds = int(sold) * price // TOKEN
    o.pay_fee(creator, proceeds)
    o.launch(form, v, creator, proceeds, price)
    what = described(o, v).split(", ")[0]
    text = f"{what}: opens with {sold / supply:.0%} of its fractions sold at {price / USD:.4g} USD"
    o.journal.event("vault", text, account=creator, vault=v, amount=proceeds / USD)
    return True
