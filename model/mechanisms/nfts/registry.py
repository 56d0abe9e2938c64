"""Who has which NFT: they are made, change hands, and leave for the world."""

import math
from collections.abc import Hashable
from typing import Any

import numpy as np

from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.nfts import formulas
from model.mechanisms.nfts.kernels import ART, COLLECTIBLE, GAME, LAND, NODE, RIGHT, Climate, Weather
from model.mechanisms.nfts.params import NftsParams
from model.mechanisms.nfts.table import KINDS, NONE, NftTable, empty_table
from model.nft_kind import WORDS, NftKind
from model.room import note_full
from model.streams import uniforms
from model.units import BPS, BTC, USD

BY_PRICE = (ART, COLLECTIBLE)
WITH_TERM = (RIGHT, NODE)
LEAST_FACTOR = 1e-9  # a shock that takes everything still lets new NFTs be appraised


class Registry(Mechanism):
    """All NFTs; every column of `NftTable` is an attribute, `nfts.owner[n]`. They are no asset of the ledger.

    Attributes:
        n: NFTs so far
        collections: so far, each of one kind; kinds: their `NftKind`, -1 from the last on
        index: log level of comparable sales or usage, by `NftKind`
        sales, royalties: USD base units that the world paid for NFTs in this tick, and artists' part of it
        minted: NFTs made in this tick
        counted: NFTs with an owner by `NftKind`, when the metrics last asked for them, in tick `counted_at`
    """

    Params = NftsParams
    bitcoin: Any
    network: Any
    rigs: Any
    power: Any

    def __init__(self, market: Any, params: NftsParams) -> None:
        super().__init__(market, params)
        self.table: NftTable = empty_table(params.capacity)
        self.__dict__.update(self.table._asdict())  # columns are never made anew
        self.n = self.collections = 0
        self.kinds = np.full(params.capacity, NONE, np.int64)
        self._numbers: dict[tuple[Hashable, int], int] = {}
        self.index = np.zeros(KINDS)
        self.sales = self.royalties = self.minted = 0
        self.climate = self.climate_now()

    def weather(self) -> Weather:
        """What this tick brings to all NFTs alike."""
        p, shocks = self.params, self.market.shocks
        break_even, fees = 0.0, -1.0
        if self.rigs is not None:
            hashprice = self.rigs.hashprice if self.network is None else self.network.hashprice
            break_even = formulas.break_even(float(hashprice), float(self.rigs.shipping))
        if self.network is not None and p.infrastructure == "network_fees":
            fees = self.network.fees_per_block / BTC * self.bitcoin.price
        by_script = self.scripted(max(0, self.clock.tick) * self.clock.dt_days)
        return Weather(float(shocks["nft_price"]) * by_script, float(shocks["usage"]), float(break_even), float(fees))

    def climate_now(self) -> Climate:
        """What parameters say about all ticks."""
        p = self.params
        return Climate(
            float(self.clock.dt_days),
            float(formulas.gap_sd(p.weekly_sd, p.anchor_sd, p.reversion_days)),
            p.reversion_days,
            float(formulas.gap_sd(p.usage_sd, p.usage_anchor_sd, p.usage_reversion_days)),
            p.usage_reversion_days,
            p.land_yield,
            p.game_decay,
            p.discount,
            p.contract_price,
            p.let_share,
            p.take_or_pay,
            p.smoothing_days,
        )

    def scripted(self, day: float) -> float:
        """Level of comparable sales of art and collectibles by the script, 1 without one."""
        return formulas.level_at(self.params.path, day)

    def collection_of(self, series: Hashable, kind: int) -> int:
        """The collection of a series' pieces of one kind; a new one before the first."""
        number = self._numbers.setdefault((series, kind), self.collections)
        if number == self.collections:
            self.kinds[number], self.collections = kind, number + 1
        return number

    def mint(self, artist: int, kind: int, appraisal_usd: float, series: Hashable = None) -> int:
        """Make an NFT that its artist owns; its number, -1 when the table is full.

        Args:
            artist: account
            kind: an `NftKind` that is an NFT of its own
            appraisal_usd: what it is appraised at; a mining right gets the power that this buys
            series: names the collection that it is a piece of; by default the artist's own works of its kind
        """
        if self.n >= self.params.capacity:
            return NONE
        t, p, n, kind = self.table, self.params, self.n, int(kind)
        self.n, self.minted = n + 1, self.minted + 1
        if self.n == p.capacity:
            note_full(self.journal, "nfts.capacity", p.capacity)
        slot, key = np.array([n], np.int64), self.streams.key("new NFT")
        royalty, licence = (float(uniforms(key, slot, k)[0]) for k in (0, 1))
        t.kind[n], t.artist[n], t.owner[n] = kind, artist, artist
        t.collection[n] = self.collection_of(artist if series is None else series, kind)
        t.royalty[n] = round((p.royalty_low + (p.royalty_high - p.royalty_low) * royalty) * BPS)
        t.since[n], t.days_left[n] = self.index[kind], p.term_days if kind in WITH_TERM else math.inf
        t.appraisal[n] = t.anchor[n] = appraisal_usd
        w, c = self.weather(), self.climate
        if kind in BY_PRICE:
            t.base[n] = appraisal_usd / max(w.price_factor, LEAST_FACTOR)
            t.rate[n] = licence * (p.collectible_licence if kind == COLLECTIBLE else p.licence)
            t.smoothed[n] = formulas.licence_income(float(appraisal_usd), float(t.rate[n]))
        elif kind == RIGHT:
            per_kw = float(formulas.right_income(1.0, w.break_even, c.contract, c.let_share, c.take_or_pay))
            worth = float(formulas.term_value(per_kw, p.term_days, c.discount))
            t.base[n] = appraisal_usd / max(worth, p.least_per_kw)
            t.smoothed[n] = per_kw * t.base[n]
            t.appraisal[n] = t.anchor[n] = worth * t.base[n]
        else:
            worth_of = {
                LAND: formulas.land_value(1.0, c.land_yield),
                GAME: formulas.fading_value(1.0, c.game_decay, c.discount),
                NODE: formulas.term_value(1.0, p.term_days, c.discount),
            }
            t.smoothed[n] = appraisal_usd / float(worth_of[kind])
            t.base[n] = t.smoothed[n] / max(w.usage_factor, LEAST_FACTOR)
            t.rate[n] = max(0.0, w.network_fees) if kind == NODE else 0.0
        t.first[n] = t.appraisal[n]
        return n

    def transfer(self, n: int, owner: int) -> None:
        """Give an NFT to another account; a vault that takes it notes itself in `vault`."""
        self.table.owner[n], self.table.vault[n] = owner, NONE

    def appraised(self, n: int) -> float:
        """Appraisal of an NFT [USD]."""
        return float(self.table.appraisal[n])

    def bid(self, n: int) -> tuple[int, int]:
        """What the world pays for an NFT, and the artist's part of it, none of his own [USD base units]."""
        t = self.table
        price = int(self.appraised(n) * (1.0 - self.params.haircut) * USD)
        royalty = formulas.royalty_of(price, int(t.royalty[n])) if t.owner[n] != t.artist[n] else 0
        return price, royalty

    def sell(self, n: int) -> int:
        """Sell an NFT to the world at its appraisal less the haircut; what its owner keeps after royalty."""
        t, ledger, (price, royalty) = self.table, self.ledger, self.bid(n)
        owner, artist = int(t.owner[n]), int(t.artist[n])
        ledger.pay(USD_ASSET, ledger.world, owner, price, Flow.TRADE)
        ledger.pay(USD_ASSET, owner, artist, royalty, Flow.ROYALTY)
        self.sales, self.royalties = self.sales + price, self.royalties + royalty
        text = f"{WORDS[NftKind(int(t.kind[n]))]} {n} sold for {price / USD:,.0f} USD, royalty {royalty / USD:,.0f}"
        self.journal.event("nft sale", text, account=owner, vault=int(t.vault[n]), amount=price / USD)
        t.owner[n] = t.vault[n] = NONE
        t.appraisal[n] = t.anchor[n] = t.smoothed[n] = t.days_left[n] = 0.0
        return price - royalty
