"""What agents may ask of NFTs, their parameters, and what strategies see of them."""

import itertools
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from model.actions import Action
from model.errors import nearest
from model.nft_kind import BY_WORD, WITH_NFT, WORDS
from model.params import Params, param

FIT = "scatter of log changes over 1 to 16 weeks of the CryptoPunks floor, 2017-07 to 2021-04 (experiments.fit_nfts)"
TARGET = "CryptoPunks floor 2020-06 to 2021-04: weekly sd .240"
NAMES = tuple(sorted(WORDS[kind] for kind in WITH_NFT))


class MintNft(Action):
    """Make an NFT of a kind (`NftKind`) that is appraised at so many USD base units; `filled` is its number."""

    fields = ("kind", "appraisal")
    phase = "tokenise"


class SellNft(Action):
    """Sell an own NFT to the world for no less than `limit` USD base units after royalty; `filled` is what it brought."""

    fields = ("nft", "limit")
    phase = "tokenise"


class NftsParams(Params):
    """Parameters of NFTs: appraisals and incomes by kind."""

    capacity: int = param(200, "NFTs", "most NFTs ever made in a run", ge=1, le=100_000)
    # art and collectibles: comparable sales
    weekly_sd: float = param(
        0.24, "log", "of weekly changes of an appraisal of art or collectibles", ge=0, le=2, live=True, source=TARGET
    )
    anchor_sd: float = param(
        0.15,
        "log",
        "of weekly changes of comparable sales, the same for a whole kind",
        ge=0,
        le=2,
        live=True,
        source=FIT,
    )
    anchor_drift: float = param(0.0, "1/year", "mean log change of comparable sales", ge=-5, le=5, live=True)
    path: list[tuple[float, float]] = param(
        [],
        "days, 1",
        "script of comparable sales: day of the run, negative before it, and their level; straight between",
    )
    reversion_days: float = param(
        21.0, "days", "half-life of the gap between appraisal and comparable sales", gt=0, le=3650, source=FIT
    )
    licence: float = param(
        0.02, "1/year", "exhibition and licence fees of art over its appraisal are drawn from 0 to this", ge=0, le=0.2
    )
    collectible_licence: float = param(0.005, "1/year", "the same for collectibles", ge=0, le=0.2)
    royalty_low: float = param(0.05, "1", "least royalty of a sale", ge=0, le=0.5, source="marketplaces 2021: 5-10 %")
    royalty_high: float = param(0.10, "1", "most royalty of a sale", ge=0, le=0.5, source="marketplaces 2021: 5-10 %")
    haircut: float = param(
        0.15,
        "1",
        "lost when an NFT is sold to the world",
        ge=0,
        le=1,
        live=True,
        source="auctioneers' premium, about .15",
    )
    # land, game items, infrastructure: usage
    usage_sd: float = param(0.12, "log", "of weekly changes of one item's usage or rent", ge=0, le=2, live=True)
    usage_anchor_sd: float = param(0.06, "log", "of weekly changes of the usage of a whole kind", ge=0, le=2, live=True)
    usage_drift: float = param(0.0, "1/year", "mean log change of usage", ge=-5, le=5, live=True)
    usage_reversion_days: float = param(30.0, "days", "half-life of an item's gap to its kind", gt=0, le=3650)
    land_yield: float = param(
        0.06, "1/year", "rent over value at which land is capitalised", gt=0, le=1, live=True,
        source="capitalisation rates of property, 5-8 %",
    )  # fmt: skip
    game_decay: float = param(
        1.0,
        "1/year",
        "rate at which a game item falls out of use",
        ge=0,
        le=20,
        source="titles lose most players in a year",
    )
    infrastructure: Literal["network_fees", "usage"] = param(
        "network_fees", "", "what a node earns in proportion to: fees of the coin's network, or usage"
    )
    # mining rights
    contract_price: float = param(
        0.045, "USD/kWh", "power price of a mining right", ge=0, le=1, source="Cambridge 2025: median of miners"
    )
    let_share: float = param(
        0.5, "1", "part of the spread of break-even over contract price that miners pay as rent", ge=0, le=1, live=True,
        source="profit-share hosting, about half",
    )  # fmt: skip
    take_or_pay: float = param(
        0.0, "1", "part of a right's power that must be paid for when nobody wants it", ge=0, le=1, live=True
    )
    least_per_kw: float = param(
        100.0, "USD/kW", "a right has no more power than its appraisal buys at this", gt=0, le=100_000,
        source="site cost .10 USD/W",
    )  # fmt: skip
    # terms
    term_days: float = param(
        1460.0,
        "days",
        "term of mining rights and infrastructure",
        ge=1,
        le=36_500,
        source="power contracts of 3-5 years",
    )
    discount: float = param(0.15, "1/year", "at which appraisers capitalise incomes that end", ge=0, le=5, live=True)
    smoothing_days: float = param(
        14.0, "days", "time constant of shown income, and of that which is capitalised", gt=0, le=365
    )
    # making
    mint_cost: float = param(50.0, "USD", "of minting one NFT, paid to the world", ge=0, le=1e6, live=True)
    making: dict[str, float] = param(
        {
            "art": 0.15, "collectible": 0.15, "game_item": 0.4, "infrastructure": 0.8, "metaverse_land": 0.6,
            "mining_right": 0.8,
        },
        "1", "cost of making an NFT over its appraisal, by kind, paid to the world",
    )  # fmt: skip

    @model_validator(mode="after")
    def _sensible(self) -> "NftsParams":
        for low, high in (
            ("anchor_sd", "weekly_sd"), ("usage_anchor_sd", "usage_sd"), ("royalty_low", "royalty_high")
        ):  # fmt: skip
            if getattr(self, low) > getattr(self, high):
                raise ValueError(
                    f"{low} = {getattr(self, low):g} is above {high} = {getattr(self, high):g}; make it smaller"
                )
        days = [day for day, _ in self.path]
        if any(b <= a for a, b in itertools.pairwise(days)) or any(level <= 0.0 for _, level in self.path):
            raise ValueError("path: days must rise and levels be above 0; mend that row")
        for word, share in self.making.items():
            if word not in NAMES:
                raise ValueError(f"making.{word}: no such kind of NFT{nearest(word, NAMES)}")
            if not 0.0 <= share <= 10.0:
                raise ValueError(f"making.{word} = {share:g}: allowed 0 to 10")
        return self

    def making_of(self, kind: int) -> float:
        """Cost of making an NFT of a kind over its appraisal; 0 for kinds that the scenario leaves out."""
        return {int(BY_WORD[word]): share for word, share in self.making.items()}.get(kind, 0.0)


class NftsView(NamedTuple):
    """What strategies see; columns by NFT, read-only.

    Attributes:
        n: NFTs so far
        room: NFTs that can still be made
        kind: `NftKind`; owner, artist: accounts, owner -1 once it has left for the world
        collection: of which it is a piece: the works of one maker, a series, or what a run opens with, always of one kind
        kinds: `NftKind` by collection, -1 for numbers that are free
        vault: vault that holds it, -1 for none
        appraisal: [USD]
        anchor: what comparable sales, or its kind's usage, say that it is worth [USD]
        income: smoothed [USD a day], negative for a contract that costs
        royalty: artist's part of a sale [1e-4]
        days_left: until its term ends, infinite without a term
        haircut: lost in a sale to the world
        land_yield, game_decay, discount: at which appraisers capitalise incomes [1/year]
        mint_cost: of one NFT [USD]; making: cost over appraisal by `NftKind`
    """

    n: int
    room: int
    kind: NDArray[np.int64]
    owner: NDArray[np.int64]
    artist: NDArray[np.int64]
    collection: NDArray[np.int64]
    vault: NDArray[np.int64]
    appraisal: NDArray[np.float64]
    anchor: NDArray[np.float64]
    income: NDArray[np.float64]
    royalty: NDArray[np.int64]
    days_left: NDArray[np.float64]
    haircut: float
    land_yield: float
    game_decay: float
    discount: float
    mint_cost: float
    making: NDArray[np.float64]
    kinds: NDArray[np.int64]
