"""Parameters of farms: what is emitted, what may be staked, the reward token, the shop, and the token with a peg."""

import math
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from model.errors import nearest
from model.params import Params, param
from model.pool_shares import LOCKED_SHARES
from model.units import INDEX, TOKEN

Stakable = Literal[
    "fraction", "amm", "weighted", "curve", "curve_fractions", "deposit", "token", "token_share", "peg_share"
]
STAKABLE: tuple[str, ...] = get_args(Stakable)
PER_VAULT = ("fraction", "amm", "weighted", "curve", "curve_fractions")
ITEM_KINDS = Literal["art", "collectible", "game_item"]
TREASURY = "treasury"
POINTS = "unifty_points"  # the design that `point_seconds` is about
INDEX_LIMIT = 1 << 62  # of an income line


@cache
def design_names() -> tuple[str, ...]:
    """Designs found beside this file."""
    from model.mechanisms.farms.designs import catalogue

    return tuple(catalogue())


def _a_design(name: str) -> str:
    if name not in design_names():
        raise ValueError(f"write one of {', '.join(design_names())}{nearest(name, design_names())}")
    return name


class EmissionParams(Params):
    """How many tokens are emitted: `{ rate = 100, schedule = "halving", halving_days = 90 }`."""

    rate: float = param(100.0, "tokens/day", "emitted a day at the start", ge=0, le=1e9)
    schedule: Literal["constant", "bonus", "geometric", "halving"] = param("constant", "", "how the rate changes")
    start_day: float = param(0.0, "days", "day of the run on which it begins", ge=0, le=36_500)
    days: float = param(0.0, "days", "time after which nothing is emitted; 0: never ends", ge=0, le=36_500)
    cap: float = param(0.0, "tokens", "most that is ever emitted; 0: no cap", ge=0, le=1e9)
    bonus: float = param(
        10.0, "1", "bonus: what the rate is multiplied by at first", ge=1, le=1_000, source="SushiSwap 2020: 10"
    )
    bonus_days: float = param(
        14.0, "days", "bonus: for how long", ge=0, le=3_650, source="SushiSwap 2020: 100,000 blocks"
    )
    decay: float = param(0.98, "1/week", "geometric: what is left of the rate after a week", gt=0, le=1)
    halving_days: float = param(90.0, "days", "halving: time between halvings", ge=0.1, le=36_500)
    clocked_by: Literal["time", "blocks"] = param(
        "time", "", "whether a day's part is spread over time, or over the blocks that miners find (144 a day)"
    )


class FarmParams(Params):
    """A row of `[[farms.farm]]`: one design, one kind of stake; a farm per vault where fractions or pool shares are staked."""

    name: str = param("farm", "", "what to call it")
    design: Annotated[str, AfterValidator(_a_design)] = param("staking_rewards", "", "how stakes are rewarded")
    stake: Stakable = param(
        "fraction", "", "fractions, shares of a venue's pools, deposit shares, the reward token, or shares of its pools"
    )
    vaults: list[Annotated[int, Field(ge=0, le=9_999)]] = param([], "", "vaults by number; none named: all")
    weight: int = param(1, "1", "master_chef: weight of each farm of this row in the common emission", ge=0, le=10**6)
    emission: EmissionParams = param({}, "", "staking_rewards: what the whole row emits")
    duration_days: float = param(
        7.0, "days", "staking_rewards: length of a reward period", ge=0.05, le=3_650, source="Synthetix: 7 days"
    )
    share: float = param(
        0.5, "1", "fee_funded: part of the platform's market fees and of the shop's sales for the stakers", ge=0, le=1
    )
    burn: float = param(
        0.5, "1", "burn_and_mint: part of the vaults' service fees that the operator burns in tokens", ge=0, le=1
    )
    mint: float = param(
        0.8,
        "1",
        "burn_and_mint: tokens minted for each burnt in the week before",
        ge=0,
        le=10,
        source="GoMining 2024: .8",
    )
    split: list[Annotated[float, Field(ge=0, le=1)]] = param(
        [0.65, 0.20, 0.10, 0.05], "1", "burn_and_mint: parts of what is minted", source="GoMining 2024"
    )
    split_to: list[str] = param(
        ["stakers", "providers", TREASURY, "founders"],
        "",
        "who gets them: this row's stakers, another row by its name, or an account of that name",
    )

    @model_validator(mode="after")
    def _adds_up(self) -> "FarmParams":
        if len(self.split) != len(self.split_to) or not self.split:
            raise ValueError(f"farm '{self.name}': split has {len(self.split)} parts for {len(self.split_to)} names")
        if abs(sum(self.split) - 1.0) > 1e-9:
            raise ValueError(f"farm '{self.name}': split sums to {sum(self.split):g}; make it sum to 1")
        if self.vaults and self.stake not in PER_VAULT:
            raise ValueError(f"farm '{self.name}': stakes of kind '{self.stake}' have no vaults; leave vaults out")
        if len(set(self.vaults)) < len(self.vaults):
            raise ValueError(f"farm '{self.name}': vaults = {self.vaults} names one twice; name each once")
        if self.design == "staking_rewards" and self.emission.clocked_by == "blocks":
            raise ValueError(
                f"farm '{self.name}': staking_rewards streams by the second; leave emission.clocked_by out, or take "
                'design = "master_chef" with [farms.chef] clocked_by = "blocks"'
            )
        if self.design == "burn_and_mint" and self.stake != "token":
            raise ValueError(f"farm '{self.name}': burn_and_mint rewards stakes of the token; write stake = \"token\"")
        return self


class TokenParams(Params):
    """The reward token and its pool against dollars."""

    name: str = param("reward token", "", "what to call it")
    pool_tokens: float = param(100_000.0, "tokens", "in its pool at the start", gt=0, le=1e8, scales=True)
    pool_usd: float = param(
        100_000.0, "USD", "beside them, from outside; the shares stay with the treasury", gt=0, le=1e8, scales=True
    )
    fee_bps: int = param(30, "1e-4", "part of the input that the pool keeps", ge=0, le=1_000, source="Uniswap v2")
    twap_hours: float = param(24.0, "hours", "memory of its mean price", ge=1, le=8_760)


class PegParams(Params):
    """A token worth a dollar by promise: part dollars, part newly minted reward tokens."""

    ratio: float = param(
        0.75,
        "1",
        "part of each that dollars cover",
        ge=0,
        le=1,
        source="IRON Finance, June 2021: about .75, not checked",
    )
    fee_bps: int = param(40, "1e-4", "fee of redemption", ge=0, le=1_000, source="IRON Finance 2021: .4 %, not checked")
    supply: float = param(
        100_000.0, "tokens", "made at the start for its pool, with dollars beside them", gt=0, le=1e8, scales=True
    )
    least_price: float = param(
        1e-6, "USD", "price of the reward token below which nothing is redeemed", gt=0, le=1,
        source="IRON Finance 2021: redemption stopped at a price of zero",
    )  # fmt: skip


class ItemParams(Params):
    """A row of `[[farms.shop]]`: NFTs on stock, whole or in equal editions, for points or for a price and the artist's fee."""

    name: str = param("item", "", "what to call it")
    kind: ITEM_KINDS = param("collectible", "", "kind of NFT")
    count: int = param(10, "pieces", "on stock at the start, and again after each restocking", ge=1, le=10_000)
    restock_days: float = param(0.0, "days", "time between restockings; 0: never", ge=0, le=3_650)
    editions: bool = param(
        False, "", "one NFT in `count` equal editions (fractions of its vault), rather than `count` NFTs"
    )
    appraisal: float = param(50.0, "USD", "of each piece", gt=0, le=1e8)
    points: float = param(30.0, "points", "price in points; 0: not for points", ge=0, le=1e9)
    price: float = param(
        0.0, "USD", "price in dollars, to the treasury; with artist_fee 0 not for dollars", ge=0, le=1e8
    )
    artist_fee: float = param(0.0, "USD", "to the artist on top of the price", ge=0, le=1e8)

    @model_validator(mode="after")
    def _made_once(self) -> "ItemParams":
        if self.editions and self.restock_days > 0.0:
            raise ValueError(f"item '{self.name}': editions are made once; leave restock_days out")
        return self


class FarmsParams(Params):
    """Reserved table `[farms]`."""

    capacity: int = param(
        40, "vaults", "vaults whose fractions or pool shares may be staked; at least vaults.capacity", ge=1, le=10_000
    )
    farm: list[FarmParams] = param([], "", "the farms")
    token: TokenParams = param({}, "", "the reward token and its pool")
    chef: EmissionParams = param({}, "", "what all farms of the design master_chef emit together")
    peg: PegParams | None = param(
        None, "", "a token with a peg, redeemed in dollars and new reward tokens; none if left out"
    )
    shop: list[ItemParams] = param([], "", "what is sold for points")
    point_seconds: int = param(
        86_400, "seconds", "time in which a staked unit earns a point; a change counts for all points not yet claimed",
        ge=1, le=10**9, live=True, source="Unifty: 86,400",
    )  # fmt: skip
    smoothing_days: float = param(
        7.0, "days", "memory of what farms that live on fees are shown to pay", ge=0.1, le=365
    )

    @model_validator(mode="after")
    def _fits(self) -> "FarmsParams":
        names = [row.name for row in self.farm]
        in_points = {row.name for row in self.farm if row.design == POINTS}
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two farms are called '{twice}'; rename one")
        for row in self.farm:
            if row.stake == "peg_share" and self.peg is None:
                raise ValueError(f"farm '{row.name}' stakes shares of the peg's pool; add [farms.peg]")
            if any(v >= self.capacity for v in row.vaults):
                raise ValueError(
                    f"farm '{row.name}' names vault {max(row.vaults)}; there may be {self.capacity}, from 0"
                )
            if wrong := [name for name in row.split_to if row.design == "burn_and_mint" and name in in_points]:
                raise ValueError(
                    f"farm '{row.name}': split_to names '{wrong[0]}', which pays points, not tokens; name another"
                )
        least = LOCKED_SHARES / TOKEN  # an isqrt of base units, of which the first shares are nobody's
        if math.sqrt(self.token.pool_tokens * self.token.pool_usd) <= least:
            raise ValueError(
                f"token: pool_tokens and pool_usd open too small a pool; their product is above {least**2:g}"
            )
        if self.peg is not None and self.peg.supply <= least:
            raise ValueError(f"peg.supply = {self.peg.supply:g} opens too small a pool; take more than {least:g}")
        return self

    def too_long(self, seconds: int) -> str:
        """Points of a staked unit that would exceed what their index holds."""
        least = seconds * INDEX // INDEX_LIMIT + 1
        if self.point_seconds >= least or all(row.design != POINTS for row in self.farm):
            return ""
        return (
            f"point_seconds = {self.point_seconds}: over {seconds:,} seconds of the run a staked unit would earn more points "
            f"than their index can hold; take {least:,} or more"
        )
