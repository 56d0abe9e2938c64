"""Parameters of `[payout]`: a list of pools."""

from typing import Literal

from pydantic import model_validator

from model.mechanisms.payout.formulas import SCHEMES
from model.params import Params, param


class Pool(Params):
    """One pool: `{ name = "alpha", scheme = "fpps", fee = 0.025 }`."""

    name: str = param("pool", "", "name of the pool")
    scheme: Literal["fpps", "pps", "pps_plus", "pplns", "proportional", "solo"] = param(
        "fpps",
        "",
        "pay by expected work (fpps, pps), by the pool's luck (pplns, proportional), by both (pps_plus) or each by his own "
        "luck (solo)",
    )
    fee: float = param(
        0.025, "1", "part of rewards that the pool keeps", source="0-.025 for PPLNS, .025-.04 for FPPS", ge=0, lt=1
    )
    share: float = param(1.0, "1", "weight with which members choose it", ge=0)
    network_share: float = param(
        0.25,
        "1",
        "part of the whole network's hash rate that mines in it, members and outsiders; its luck is drawn for that",
        ge=0,
        le=1,
    )
    window: float = param(
        2.0, "1", "pplns, pps_plus: last shares that a block pays, over the difficulty, X", gt=0, le=1000
    )
    ruin: float = param(
        0.001, "1", "probability of ruin for which an operator that pays by work holds reserves at the opening",
        source="Rosenfeld 2011, B ln(1/ruin)/(2 fee)", gt=0, lt=1,
    )  # fmt: skip

    @model_validator(mode="after")
    def _can_live(self) -> "Pool":
        if self.fee <= 0 and SCHEMES[self.scheme].subsidy == "work":
            raise ValueError(f"scheme = {self.scheme!r} bears the luck and needs a fee above 0, or its ruin is certain")
        return self


class PayoutParams(Params):
    """The pools that the market's miners can join."""

    pools: list[Pool] = param(
        [
            Pool(name="fpps", scheme="fpps", fee=0.025, share=0.7),
            Pool(name="pplns", scheme="pplns", fee=0.01, share=0.3),
        ],
        "",
        "the pools; members choose by weight `share`",
        source="assumption; fees 0-.025 (PPLNS) and .025-.04 (FPPS), Cong, He, Li 2021",
    )
    luck: Literal["drawn", "expected"] = param(
        "drawn", "", "pools find blocks by chance, or exactly their share of them"
    )
    fees: Literal["fixed", "by_size"] = param(
        "fixed", "", "operators keep their fees, or move them with the pool's share of the network", live=True
    )
    luck_fee_low: float = param(
        0.0, "1", "by_size: fee of the smallest pool that passes luck on", source="fees 0-.025 of PPLNS", live=True,
        ge=0, lt=1,
    )  # fmt: skip
    luck_fee_high: float = param(
        0.025, "1", "by_size: fee of a full-sized pool that passes luck on", source="fees 0-.025 of PPLNS", live=True,
        ge=0, lt=1,
    )  # fmt: skip
    work_fee_low: float = param(
        0.025, "1", "by_size: fee of the smallest pool that pays by work", source="fees .025-.04 of FPPS", live=True,
        gt=0, lt=1,
    )  # fmt: skip
    work_fee_high: float = param(
        0.04, "1", "by_size: fee of a full-sized pool that pays by work", source="fees .025-.04 of FPPS", live=True,
        gt=0, lt=1,
    )  # fmt: skip
    full_size: float = param(
        0.25, "1", "by_size: share of the network from which on the fee is the highest", live=True, gt=0, le=1,
        source="assumption; larger pools charge more, Cong, He, Li 2021",
    )  # fmt: skip
    fee_days: float = param(
        60.0, "days", "by_size: time constant of a fee on its way, set once a week", live=True, gt=0, le=3650
    )

    @model_validator(mode="after")
    def _fit(self) -> "PayoutParams":
        names = [pool.name for pool in self.pools]
        if not names or len(set(names)) < len(names) or sum(pool.share for pool in self.pools) <= 0:
            raise ValueError("name at least one pool, each name once, with a share above 0 for one of them")
        if sum(pool.network_share for pool in self.pools) > 1 + 1e-9:
            raise ValueError("network_share of all pools together is at most 1")
        for kind, low, high in (
            ("luck", self.luck_fee_low, self.luck_fee_high), ("work", self.work_fee_low, self.work_fee_high),
        ):  # fmt: skip
            if low > high:
                raise ValueError(f"{kind}_fee_low = {low:g} is above {kind}_fee_high = {high:g}; lower it")
        return self
