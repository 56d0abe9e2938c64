"""Parameters of `[payout]`: a list of pools."""

from typing import Literal

from pydantic import model_validator

from model.mechanisms.payout.formulas import SCHEMES
from model.params import Params, param


class Pool(Params):
    """One pool: `{ name = "alpha", scheme = "fpps", fee = 0.025 }`."""

    name: str = param("pool", "", "name of the pool")
    scheme: Literal["fpps", "pps", "pps_plus", "pplns", "proportional"] = param(
        "fpps", "", "pay by expected work (fpps, pps), by luck (pplns, proportional) or both (pps_plus)"
    )
    fee: float = param(
        0.025, "1", "part of rewards that the pool keeps", source="0-.025 for PPLNS, .025-.04 for FPPS", ge=0, lt=1
    )
    share: float = param(1.0, "1", "weight with which members choose it", ge=0)
    network_share: float = param(
        0.25, "1", "part of the whole network's hash rate that mines in it; its luck is drawn for that", gt=0, le=1
    )
    window: float = param(
        2.0, "D shares", "pplns, pps_plus: last shares that a block pays, X times difficulty", gt=0, le=1000
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

    @model_validator(mode="after")
    def _fit(self) -> "PayoutParams":
        names = [pool.name for pool in self.pools]
        if not names or len(set(names)) < len(names) or sum(pool.share for pool in self.pools) <= 0:
            raise ValueError("name at least one pool, each name once, with a share above 0 for one of them")
        if sum(pool.network_share for pool in self.pools) > 1 + 1e-9:
            raise ValueError("network_share of all pools together is at most 1")
        return self
