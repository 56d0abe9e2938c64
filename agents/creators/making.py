"""Creators: they make NFTs, sell fractions of them, keep a share, and live on proceeds and royalties.

A creator makes works at a rate of his own, so that their number between two looks is Poisson's, each for a value drawn
around his usual one, as far as he can pay for the making.
He offers fractions of what he owns at a reserve from comparable sales (`agents.appraisal.reserve_price`). When an
offering has failed the NFT is his again: he lowers the price and tries once more, and after too many failures sells
the whole NFT to the world, or keeps it for what it earns if the world bids too little.
"""

import math
from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from agents.appraisal import comparable_ratio, fraction_values, nft_value, reserve_price
from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, trait
from agents.creators.works import Work, works_made
from agents.makers import MakerTraits, sold_dear, wake_makers
from agents.possessions import NONE as NOBODY
from agents.possessions import coins_sold, goods_of, has_goods
from agents.sheet import PRICE
from agents.vault_sheet import sheet_of
from model.actions import Action, Bundle, Row, Status
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.nfts import MintNft, SellNft
from model.mechanisms.offerings import Fractionalise
from model.sheaf import Sheaf
from model.streams import normals, u01
from model.units import BPS, DAYS_PER_YEAR, LARGEST_POSTING, USD
from model.view import MarketView, frozen

NEVER = frozen(np.zeros(0, np.bool_))
NEARLY = 1.0 + 1e-9  # nobody who makes something is left out by rounding


class CreatorTraits(MakerTraits):
    """Traits of all creators."""

    cash: Any = trait({"lognormal": {"median": 20_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(0.3, "1/day", "chance to look at the market", low=0.0, high=1.0)
    keep: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.4}}, "1", "share of the fractions that the creator keeps",
        source="offerings on fractional.art and NIFTEX kept 5-40 %", low=0.0, high=0.9,
    )  # fmt: skip
    markup: Any = trait(
        {"uniform": {"low": 0.8, "high": 1.3}}, "1", "reserve over the value by comparable sales", low=0.01, high=10.0
    )
    trust: Any = trait(0.7, "1", "weight of what like fractions fetch in the reserve", low=0.0, high=1.0)
    cut: Any = trait(0.2, "1", "by which a reserve is lowered after each failed offering", low=0.0, high=0.9)
    patience: Any = trait(3.0, "offerings", "failures after which the whole NFT is sold instead", low=1.0, high=100.0)
    at_once: Any = trait(1.0, "offerings", "most offerings open at a time", low=1.0, high=100.0)
    spread: Any = trait(0.5, "log", "of the values of one creator's works", low=0.0, high=3.0)
    harvest: Any = trait(50.0, "USD", "coins worth this much are sold", low=0.0, high=1e9)


class Creator(MarketAgent):
    """An artist, a game studio, an owner of virtual land, or one of sites and nodes."""

    kind = "creator"
    strategy = "artist"
    Traits = CreatorTraits

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What attention is multiplied by; creators look where fractions fetch what they ask."""
        if population.market.clock.new_day:
            wake_makers(population)
        return super().attention_factor(population)


class Means(Sheaf):
    """Columns of all creators by slot."""

    looked: Any
    harvest: Any
    patience: Any
    at_once: Any


@kernel
def stir(
    slots: Any, account: Any, own: Means, balances: Any, coin: float, owner: Any, failures: Any,
    selling: Any, seller: Any, offers: int, makes: int, day: int, key: Any, works: int, rate: Any, second: Any, out: Any,
) -> int:  # fmt: skip
    """Creators who have something to sell, to offer, or to make today; how many they are. The others have looked.

    Args:
        coin, owner: see `agents.possessions.goods_of`; failures: offerings of each NFT that failed
        selling, seller: offerings that are open, and by whom, by vault; offers, makes: how many more there may be, and NFTs
        day: of the run; key: of the draws of works
        works: kinds that they make; rate, second: works a year of the first and of the last, by slot
        out: their slots
    """
    n = 0
    for slot in slots:
        who, looked = account[slot], own.looked[slot]
        acts = has_goods(balances, who, own.harvest[slot], coin, NOBODY, NOBODY)
        room = np.int64(own.at_once[slot])
        for v in range(seller.size):
            room -= selling[v] and seller[v] == who
        for i in range(owner.size):
            acts |= owner[i] == who and ((offers > 0 and room > 0) or failures[i] >= own.patience[slot])
        for i in range(works if makes > 0 and looked >= 0.0 else 0):
            chance = -math.expm1(-(second[slot] if i else rate[slot]) * max(0.0, day - looked) / DAYS_PER_YEAR)
            acts |= u01(key, slot, 2 * i) <= chance * NEARLY
        if acts:
            out[n] = slot
            n += 1
        else:
            own.looked[slot] = day
    return n


class Making(PerAgentStrategy):
    """What all creators do, whatever they make."""

    works: ClassVar[tuple[Work, ...]] = ()

    def open(self) -> None:
        """Nobody has looked yet, and no offering has failed."""
        self.population.add_column("looked", -1.0)
        self.failures = np.zeros(0)
        self.ratios: dict[int, float] | None = None

    def state(self) -> Iterable[NDArray[Any]]:
        """Offerings made of each NFT so far."""
        return (self.failures,)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Remember which NFTs were offered since the last look, then one by one those who have something to do."""
        population, out, makes, offers = self.population, np.empty(len(cohort), np.int64), 0, (NEVER, NOBODY, 0)
        if market.has("nfts"):
            makes, self.ratios = market.nfts.room, None
            if self.failures.size == 0:
                self.failures = np.zeros(market.nfts.n + makes)
            if Fractionalise in self.receipts:
                offered = self.receipts[Fractionalise]
                for row in offered[offered["status"] == Status.DONE]:
                    self.failures[row["nft"]] += 1.0
        if market.has("vaults"):
            yield from sold_dear(cohort, market, np.zeros((market.vaults.n, len(cohort)), np.bool_))
        if market.has("offerings"):
            offers = market.offerings.open, market.offerings.seller, market.offerings.room
        self.key: Any = market.key("works", population.table.kind)
        n = stir(
            cohort.slots, population.account, population.columns.of(Means), market.balances, *market.once(goods_of)[:2],
            self.failures, *offers, makes, market.day, self.key, len(self.works),
            population.columns[self.works[0].rate], population.columns[self.works[-1].rate], out,
        )  # fmt: skip
        if n:
            yield from super().decide(Cohort(population, out[:n], cohort.receipts), market)

    def _comparables(self, market: MarketView) -> dict[int, float]:
        """Price over value of fractions that trade, by kind."""
        if not market.has("vaults"):
            return {}
        vaults, facts = market.vaults, sheet_of(self.population.market).look().facts
        values = fraction_values(vaults.nft, vaults.supply, market.nfts)
        prices = facts[PRICE, : values.size]
        return {int(w.kind): comparable_ratio(prices, values, vaults.kind == w.kind) for w in self.works}

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Sell coins, offer what is owned, make something new."""
        account, looked = agent.account, agent.looked
        self.population.columns["looked"][agent.slot] = float(market.day)
        yield from coins_sold(agent, market)
        if not market.has("nfts"):
            return
        mine = (market.nfts.owner == account).nonzero()[0]
        if mine.size:
            yield from self._offer(agent, market, mine)
        if looked >= 0.0:
            yield from self._make(agent, market, max(0.0, market.day - looked))

    def _offer(self, agent: Any, market: MarketView, mine: NDArray[np.int64]) -> Iterable[Row]:
        """Offer fractions of NFTs that are his, the dearest first; sell those that failed too often."""
        nfts, account = market.nfts, agent.account
        room = 0
        if market.has("offerings"):
            offers = market.offerings
            room = min(offers.room, int(agent.at_once) - np.count_nonzero(offers.open & (offers.seller == account)))
        for n in mine[np.argsort(-nfts.appraisal[mine], kind="stable")] if mine.size > 1 else mine:
            failed = float(self.failures[n])
            sells = failed >= agent.patience
            value = nft_value(int(nfts.kind[n]), int(n), nfts) if sells or room > 0 else 0.0
            if sells:
                least = agent.markup * value * (1.0 - agent.cut) ** failed * (1.0 - nfts.haircut)
                yield SellNft.row(account, nft=int(n), limit=int(min(least * USD, LARGEST_POSTING)))
            elif room > 0 and value > 0.0:
                if self.ratios is None:
                    self.ratios = self._comparables(market)
                ratio = self.ratios.get(int(nfts.kind[n]), 1.0)
                asked = reserve_price(value, ratio, agent.trust, agent.markup, agent.cut, failed)
                price = max(1, round(min(asked / int(offers.supplies[nfts.kind[n]]) * USD, LARGEST_POSTING)))
                yield Fractionalise.row(account, nft=int(n), price=price, keep_bps=int(agent.keep * BPS))
                room -= 1

    def _make(self, agent: Any, market: MarketView, elapsed: float) -> Iterable[Row]:
        """New works by chance, as far as cash pays for their making."""
        nfts, slot, key = market.nfts, agent.slot, self.key
        cash, room = float(market.balances[USD_ASSET, agent.account]) / USD, nfts.room
        for i, work in enumerate(self.works):
            mean = getattr(agent, work.rate) * elapsed / DAYS_PER_YEAR
            for k in range(works_made(mean, u01(key, slot, 2 * i), room)):
                draw = 2 * (i + k * len(self.works)) + 1
                value = getattr(agent, work.value) * math.exp(
                    agent.spread * float(normals(key, np.array([slot], np.int64), draw)[0])
                )
                cost = nfts.mint_cost + value * float(nfts.making[work.kind])
                if cost <= cash:
                    yield MintNft.row(
                        agent.account, kind=int(work.kind), appraisal=round(min(value * USD, LARGEST_POSTING))
                    )
                    cash, room = cash - cost, room - 1
