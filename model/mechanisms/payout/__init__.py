"""Mining pools: members combine hash rate and are paid by work done, by luck, or by a mix of both."""

from model.mechanisms.payout.formulas import (
    SCHEMES,
    fpps,
    pplns,
    pps,
    pps_plus,
    pps_reserve,
    proportional,
    size_fee,
    solo,
)
from model.mechanisms.payout.mechanism import Payout, PayoutView
from model.mechanisms.payout.members import JoinPool
from model.mechanisms.payout.params import PayoutParams, Pool
from model.mechanisms.payout.rounds import hop_point, hopping_gain, round_worth

__all__ = [
    "SCHEMES",
    "JoinPool",
    "Payout",
    "PayoutParams",
    "PayoutView",
    "Pool",
    "fpps",
    "hop_point",
    "hopping_gain",
    "pplns",
    "pps",
    "pps_plus",
    "pps_reserve",
    "proportional",
    "round_worth",
    "size_fee",
    "solo",
]
