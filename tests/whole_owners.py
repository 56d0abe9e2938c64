"""What there is in a whole market and whose it is: for each action, accounts and columns with which it can succeed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from model.mechanisms.forwards import table as terms
from model.mechanisms.nft_loans import notes
from model.mechanisms.nft_market import mechanism as trade
from model.mechanisms.rental import table as hire
from model.mechanisms.revenue_shares import table as shares
from model.units import USD
from tests.laws.test_farm_play import FarmPlayer

Columns = dict[str, Any]


class Owners(FarmPlayer):
    """Looks into the mechanisms; arrays of one length by column, none where nobody is able."""

    def of(self, key: str) -> Any:
        return self.market.mechanisms[key]

    def part(self, whole: Any) -> np.ndarray:
        """All of each amount, or a part."""
        whole = np.asarray(whole)
        parts = np.where(self.draw.random(whole.size) < 0.3, 1.0, self.draw.random(whole.size))
        return np.maximum(1, whole * parts).astype(np.int64)

    def few_of(self, there: Any) -> Any:
        """Some, so that others are left alone for a time."""
        return there[self.draw.random(len(there)) < 0.2]

    def holders(self, asset: int, amount: str) -> Columns:
        """Those who hold an asset, and a part of what they hold."""
        held = self.market.ledger.books.balances[asset, self.accounts]
        who = held > 0
        return {"account": self.accounts[who], amount: self.part(held[who])}

    def nfts(self) -> Columns:
        """NFTs of agents."""
        owner = self.of("nfts").table.owner
        mine = np.flatnonzero(np.isin(owner, self.accounts))
        return {"account": owner[mine], "nft": mine}

    def sellers(self) -> Columns:
        found = self.nfts()
        return found | {"limit": np.ones(found["nft"].size, np.int64)}

    def listed(self) -> Columns:
        market = self.of("nft_market")
        there = np.flatnonzero(market._listed())
        return {"account": market.seller[there], "nft": there}

    def for_sale(self) -> Columns:
        there = self.listed()["nft"]
        return {"nft": there, "limit": self.of("nft_market").asked[there]}

    def best_bidders(self) -> Columns:
        """Those whose bids for vaults stand and may be taken back."""
        seen = self.of("buyouts").view()
        there = np.flatnonzero(seen.stood >= 0.0)
        return {"account": seen.opener[there], "vault": there}

    def bidders(self) -> Columns:
        offers = self.of("nft_market").offers
        return {"account": offers[:, trade.BIDDER], "offer": offers[:, trade.NUMBER]}

    def borrowers(self) -> Columns:
        """NFTs on which somebody can borrow now, and nearly all that is lent on them."""
        mine, loans = self.nfts(), self.of("nft_loans").loans
        most = np.array([int(loans.floor(int(n)) * loans.house.params.loan_to_value) for n in mine["nft"]], np.int64)
        there = most > 0
        return {name: values[there] for name, values in mine.items()} | {"amount": (most[there] * 0.9).astype(np.int64)}

    def lenders(self) -> Columns:
        """Small withdrawals, so that there is something to borrow."""
        found = self.holders(self.of("nft_loans").pool.deposit, "shares")
        return found | {"shares": found["shares"] // 20 + 1, "desk": np.zeros(found["shares"].size, np.int64)}

    def debtors(self) -> Columns:
        table = self.of("nft_loans").loans.table
        n = self.few_of(np.flatnonzero(table.borrower >= 0))[:2]
        return {"account": table.borrower[n], "nft": n, "amount": self.part(table.debt[n])}

    def pledgers(self) -> Columns:
        """Those who have pledged fractions, and up to a fifth of what these are worth."""
        ledger, pledges = self.market.ledger, self.of("lending").pledge
        pledges = pledges[pledges >= 0]
        worth = ledger.value[pledges] @ ledger.books.balances[pledges][:, self.accounts] * USD
        who = worth > 0.0
        return {"account": self.accounts[who], "amount": self.part(0.2 * worth[who])}

    def auctions(self) -> Columns:
        """Loans that can be bid on, and what for."""
        loans = self.of("nft_loans").loans
        least = {int(n): loans.least_bid(int(n)) for n in loans.open}
        able = [n for n, price in least.items() if price > 0]
        return {"nft": able, "price": [int(least[n] * (1.0 + 0.1 * self.draw.random())) for n in able]}

    def rescuers(self) -> Columns:
        table = self.of("nft_loans").loans.table
        n = np.flatnonzero(table.bidder >= 0)
        n = n[self.draw.random(n.size) < 0.3]
        return {"account": table.borrower[n], "nft": n, "amount": (table.debt[n] * 0.7).astype(np.int64)}

    def note_lenders(self) -> Columns:
        offers = self.of("nft_loans").notes.offers
        return {"account": offers[:, notes.LENDER], "offer": offers[:, notes.NUMBER]}

    def note_terms(self) -> Columns:
        """Offers to lend for a short time, against any piece of a collection."""
        principal = self.sizes(100, 1e10)
        more = (principal * (1.0 + self.draw.random(100))).astype(np.int64)
        collection, ones = self.draw.integers(0, self.of("nfts").collections, 100), np.ones(100, np.int64)
        return {
            "collection": collection, "nft": -ones, "principal": principal, "repayment": more, "days": ones, "form": ones
        }  # fmt: skip

    def note_takers(self) -> Columns:
        mine, of = self.nfts(), self.of("nfts").table.collection
        offers = self.few_of(self.of("nft_loans").notes.offers)[:8]  # most NFTs are left for the pool
        pairs = [(i, int(o[notes.NUMBER])) for o in offers for i in np.flatnonzero(of[mine["nft"]] == o[notes.COLLECTION])[:3]]  # fmt: skip
        chosen = [i for i, _ in pairs]
        return {name: values[chosen] for name, values in mine.items()} | {"offer": [number for _, number in pairs]}

    def noted(self) -> Columns:
        table = self.of("nft_loans").notes.table
        n = self.few_of(np.flatnonzero(table.borrower >= 0))[:1]  # others are late
        return {"account": table.borrower[n], "nft": n}

    def rig_owners(self) -> Columns:
        held = self.of("rigs").registered[self.accounts]
        who = held > 0
        return {"account": self.accounts[who], "ghs": self.part(held[who])}

    def rig_debtors(self) -> Columns:
        debt = self.of("nft_loans").rig_loans.debt
        who = np.flatnonzero(debt)
        return {"account": who, "amount": self.part(debt[who])}

    def coin_holders(self) -> Columns:
        found = self.holders(self.of("gpu_coin").coin, "amount")
        return found | {"side": np.ones(found["amount"].size, np.int64)}

    def token_providers(self) -> Columns:
        found = self.holders(int(self.of("farms").pools.table.share[0]), "shares")
        none = np.zeros(found["shares"].size, np.int64)
        return found | {"token": none, "limit": none}

    def card_owners(self) -> Columns:
        mhs = self.of("gpu_coin").mhs
        who = np.flatnonzero(mhs)
        return {"account": who, "mhs": self.part(mhs[who])}

    def companies(self) -> Columns:
        """Those with revenue; offers that can come together."""
        who = np.flatnonzero(self.of("revenue_shares").mean > 0)
        n, draw = who.size, self.draw.integers
        return {
            "account": who, "share_ppm": draw(1, 300_000, n), "amount": USD + self.sizes(n, 1e9),
            "cap_bps": draw(10_000, 20_000, n), "days": draw(1, 4, n),
        }  # fmt: skip

    def offered_shares(self) -> Columns:
        rows = self.of("revenue_shares").rows
        k = self.few_of(np.flatnonzero(rows[:, shares.PHASE] == shares.OFFERED))
        return {"number": k, "amount": np.maximum(USD, rows[k, shares.ASKED] // self.draw.integers(5, 200, k.size))}

    def hire_terms(self) -> Columns:
        """Standing orders and short terms, many of them below any price that is served."""
        ghs, price = 1_000 + self.sizes(100, 1e6), self.draw.integers(USD, 100 * USD, 100)
        none, hours = np.zeros(100, np.int64), 48 * self.draw.integers(0, 2, 100)
        budget = none + 1_000 * USD
        return {"ghs": ghs, "price": price, "budget": budget, "currency": none, "hours": hours, "use": none}

    def hirers(self) -> Columns:
        orders = self.of("rental").orders
        orders = self.few_of(orders[orders[:, hire.TERM] == 0])
        prices = (orders[:, hire.PRICE] * 1.1).astype(np.int64)
        return {"account": orders[:, hire.OWNER], "number": orders[:, hire.NUMBER], "price": prices}

    def redeemers(self) -> Columns:
        """Holders of the tokens of one series of hashpower."""
        rental = self.of("rental")
        living = np.flatnonzero(rental.series[:, hire.ISSUER] != hire.NOBODY)
        if living.size == 0:
            return {}
        s = int(self.draw.choice(living))
        found = self.holders(int(rental.tokens[s]), "amount")
        return found | {"series": np.full(found["amount"].size, s)}

    def hedgers(self) -> Columns:
        orders = self.of("forwards").orders
        return {"account": orders[:, terms.OWNER], "number": orders[:, terms.NUMBER]}


ABLE: dict[str, Callable[[Owners], Columns]] = {
    "WithdrawBid": Owners.best_bidders,
    "ListNft": Owners.nfts,
    "Delist": Owners.listed,
    "BuyNft": Owners.for_sale,
    "AcceptOffer": Owners.sellers,
    "CancelOffer": Owners.bidders,
    "BorrowOnNft": Owners.borrowers,
    "RepayNft": Owners.debtors,
    "BidAuction": Owners.auctions,
    "RedeemNft": Owners.rescuers,
    "OfferNote": Owners.note_terms,
    "WithdrawNote": Owners.note_lenders,
    "AcceptNote": Owners.note_takers,
    "RepayNote": Owners.noted,
    "WithdrawLoans": Owners.lenders,
    "BorrowOnRigs": Owners.rig_owners,
    "RepayRigs": Owners.rig_debtors,
    "TradeGpuCoins": Owners.coin_holders,
    "SellGpus": Owners.card_owners,
    "OfferRevenueShare": Owners.companies,
    "BuyRevenueShare": Owners.offered_shares,
    "RedeemTokens": Owners.redeemers,
    "Borrow": Owners.pledgers,
    "Repay": lambda p: p.holders(p.of("lending").debt_asset, "amount"),
    "RemoveTokenLiquidity": Owners.token_providers,
    "BidHashpower": Owners.hire_terms,
    "RepriceBid": Owners.hirers,
    "CancelBid": Owners.hirers,
    "CancelForward": Owners.hedgers,
    "SellRigs": Owners.rig_owners,
}
