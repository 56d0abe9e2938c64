"""The shop: NFTs, whole or in equal editions, for points or for a price and the artist's fee [Unifty 2021]."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.farms.params import ItemParams
from model.nft_kind import BY_WORD
from model.units import LARGEST_POSTING, TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms

NONE = -1
POINTS, DOLLARS = 0, 1
CREATORS = "creator"


class Shop:
    """Stock and sales.

    Args:
        farms: whose points it takes

    Attributes:
        account: owns the stock
        stock: numbers of NFTs on stock by item
        vault: of the editions of an item, -1 for none
        points, price, fee: of each item [base units]; price includes the artist's fee
        sold, spent, taken: pieces, points and dollars so far by item
    """

    def __init__(self, farms: "Farms") -> None:
        self.farms, self.items = farms, farms.params.shop
        n = len(self.items)
        self.account = farms.ledger.open_account("platform", "shop of the farms") if n else NONE
        self.stock: list[list[int]] = [[] for _ in self.items]
        self.vault = np.full(n, NONE, np.int64)
        self.points = np.array([round(i.points * TOKEN) for i in self.items], np.int64)
        self.fee = np.array([round(i.artist_fee * USD) for i in self.items], np.int64)
        self.price = np.array([round(i.price * USD) for i in self.items], np.int64) + self.fee
        self.sold, self.spent, self.taken = (np.zeros(n, np.int64) for _ in range(3))
        self.artists: list[int] = []

    def open(self) -> None:
        """Find the artists, the scenario's creators where it has any, and fill the shelves."""
        if not self.items:
            return
        creators = self.farms.market.populations.get(CREATORS)
        own = creators.account[: len(creators)].tolist() if creators is not None else []
        self.artists = own or [self.farms.ledger.open_account("platform", "artist of the shop")]
        for k in range(len(self.items)):
            self._fill(k)

    def restock(self) -> None:
        """Fill the shelves of items whose time has come."""
        tick, ticks_of = self.farms.clock.tick, self.farms.clock.ticks_of
        for k, item in enumerate(self.items):
            if item.restock_days > 0.0 and tick > 0 and tick % ticks_of(item.restock_days) == 0:
                self._fill(k)

    def _fill(self, k: int) -> None:
        """Have an item's artist make what is missing, as far as there is room."""
        item, artist = self.items[k], self.artists[k % len(self.artists)]
        if item.editions:
            self._issue(k, item, artist)
            return
        for _ in range(item.count - len(self.stock[k])):
            n = self.farms.nfts.mint(artist, BY_WORD[item.kind], item.appraisal, ("shop", k))
            if n == NONE:
                self.farms.journal.event("shop", f"no room for more of '{item.name}': raise nfts.capacity")
                return
            self.farms.nfts.transfer(n, self.account)
            self.stock[k].append(n)

    def _issue(self, k: int, item: ItemParams, artist: int) -> None:
        """Make one NFT and a vault whose fractions are its editions; the shop holds them all. Made once."""
        farms = self.farms
        if self.vault[k] != NONE:
            return
        n = farms.nfts.mint(artist, BY_WORD[item.kind], item.appraisal * item.count, ("shop", k))
        if n == NONE:
            farms.journal.event("shop", f"no room for '{item.name}': raise nfts.capacity")
            return
        farms.nfts.transfer(n, self.account)
        v = farms.vaults.create(self.account, 0, item.count * TOKEN, kind=BY_WORD[item.kind], nft=n)
        if v == NONE:
            self.stock[k].append(n)
            farms.journal.event("shop", f"no room for editions of '{item.name}': raise vaults.capacity")
            return
        self.vault[k] = v

    def left(self, k: int) -> int:
        """Pieces of an item on stock."""
        if self.vault[k] == NONE:
            return len(self.stock[k])
        return self.farms.ledger.balance(int(self.farms.vaults.fraction[self.vault[k]]), self.account) // TOKEN

    def sell(self, account: int, k: int, pay: int, limit: int) -> tuple[Status, int]:
        """Sell a piece; what became of it, and the NFT or the vault of the edition."""
        farms, ledger = self.farms, self.farms.ledger
        if not 0 <= k < len(self.items) or pay not in (POINTS, DOLLARS):
            return Status.UNKNOWN, 0
        if ledger.books.logging[0] != 0 or account == self.account:  # an NFT cannot be taken back from a bundle
            return Status.NOT_ALLOWED, 0
        cost = int((self.points if pay == POINTS else self.price)[k])
        if cost <= 0 or cost >= LARGEST_POSTING or self.left(k) == 0:
            return Status.CLOSED, 0
        if cost > limit:
            return Status.LIMIT, 0
        if pay == POINTS:
            farms.collect_points(account)
            if not ledger.move(farms.points, account, farms.points_issuer, cost, Flow.BURN):
                return Status.FUNDS, 0
            self.spent[k] += cost
        else:
            if ledger.balance(USD_ASSET, account) < cost:
                return Status.FUNDS, 0
            fee = int(self.fee[k])
            ledger.pay(USD_ASSET, account, farms.market.platform, cost - fee, Flow.MARKET_FEE)
            ledger.pay(USD_ASSET, account, self.artists[k % len(self.artists)], fee, Flow.ROYALTY)
            self.taken[k] += cost
        self.sold[k] += 1
        return Status.DONE, self._hand_over(account, k, cost, pay)

    def _hand_over(self, account: int, k: int, cost: int, pay: int) -> int:
        farms, name = self.farms, self.items[k].name
        text = f"'{name}' sold for {cost / TOKEN:,.2f} " + ("points" if pay == POINTS else "USD")
        if self.vault[k] != NONE:
            v = int(self.vault[k])
            farms.ledger.pay(int(farms.vaults.fraction[v]), self.account, account, TOKEN, Flow.TRADE)
            farms.journal.event("shop", text, account=account, vault=v, amount=cost / TOKEN)
            return v
        n = self.stock[k].pop(0)
        farms.nfts.transfer(n, account)
        farms.journal.event("shop", text, account=account, amount=cost / TOKEN)
        return n

    def state(self) -> list[Any]:
        """Stock and sales."""
        return [self.sold, self.spent, self.taken, self.vault, *(np.array(s, np.int64) for s in self.stock)]

    def check(self) -> None:
        """The shop owns what it has on stock.

        Raises:
            InvariantViolated: it does not
        """
        for k, numbers in enumerate(self.stock):
            for n in numbers:
                if self.farms.nfts.owner[n] != self.account:
                    raise InvariantViolated(f"farms: NFT {n} of item '{self.items[k].name}' left the shop unsold")
