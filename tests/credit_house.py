"""A small market with NFTs and loans, and three people with money, for tests of credit against whole things."""

from types import SimpleNamespace
from typing import Any

from model import Marketplace, Scenario
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import NftLoans
from model.mechanisms.nft_market import NftMarket
from model.mechanisms.nfts import Nfts
from model.nft_kind import NftKind
from model.units import USD
from tests.house import House

WORLD = {"bitcoin": {"process": "constant", "price": 20_000}, "nft_market": {}}
STILL = {"weekly_sd": 0.0, "anchor_sd": 0.0, "collectible_licence": 0.0, "capacity": 12}
PEOPLE = 4


class CreditHouse(House):
    """NFTs of a few people, and loans on them."""

    def __init__(self, hours: int = 24, nfts: dict[str, Any] | None = None, **params: Any) -> None:
        clock = {"ticks": 100_000, "hours_per_tick": hours}
        tables = {**WORLD, "clock": clock, "nfts": {**STILL, **(nfts or {})}, "nft_loans": params}
        self.market = Marketplace(Scenario.from_tables(tables, "credit house"))
        self.ledger = self.market.ledger
        self.nfts: Nfts = self.market.mechanisms["nfts"]
        self.trade: NftMarket = self.market.mechanisms["nft_market"]
        self.loans: NftLoans = self.market.mechanisms["nft_loans"]
        self.people = [int(a) for a in self.ledger.open_accounts("platform", PEOPLE)]
        for account in self.people:
            self.ledger.pay(USD_ASSET, self.ledger.world, account, 10**6 * USD, Flow.ENDOWMENT)

    def mint(
        self, owner: int, worth: float = 100_000.0, kind: NftKind = NftKind.COLLECTIBLE, series: str = "the house's"
    ) -> int:
        """An NFT of a person, by number in `people`; all are pieces of one collection unless their series say otherwise."""
        return self.nfts.mint(self.people[owner], kind, worth, series)

    def crash(self, level: float) -> None:
        """Let all comparable sales be at a level of their birth from now on, and the report with them."""
        self.nfts.anchor[: self.nfts.n] = self.nfts.first[: self.nfts.n] * level
        self.nfts.base[: self.nfts.n] = self.nfts.first[: self.nfts.n] * level
        self.loans.oracle.price[:] = self.loans.oracle.price * 0.0 + 100_000.0 * level
        self.loans.oracle.seen[:] = 100_000.0 * level

    def rigs(self, price: float = 100.0, **held: int) -> Any:
        """A stand-in for the fleet: GH/s by account at USD/TH, bought by whoever has the money: the world."""
        fleet = Fleet(self, price)
        self.loans.rigs = fleet
        for person, ghs in held.items():
            fleet.ghs[self.people[int(person[1:])]] = ghs
        return fleet


class Fleet(SimpleNamespace):
    """Rigs by account."""

    def __init__(self, house: CreditHouse, price: float) -> None:
        super().__init__(house=house, price=price, ghs={}, solvent=True)

    def held(self, account: int) -> int:
        return int(self.ghs.get(account, 0))

    def mark(self, account: int) -> float:
        return self.held(account) / 1_000 * self.price

    def transfer(self, source: int, target: int, ghs: int) -> int:
        self.ghs[source] = self.held(source) - ghs
        self.ghs[target] = self.held(target) + ghs
        return ghs

    def sell(self, account: int, ghs: int) -> int:
        if not self.solvent or not self.held(account):
            return 0
        usd = int(self.mark(account) * ghs / self.held(account) * USD)
        self.ghs[account] -= ghs
        self.house.ledger.pay(USD_ASSET, self.house.ledger.world, account, usd, Flow.RIGS)
        return usd
