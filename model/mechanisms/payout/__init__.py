"""Mining pools: members combine hash rate and are paid by work done, by luck, or by a mix of both."""

from model.mechanisms.payout.formulas import fpps, pplns, pps, pps_plus, pps_reserve, proportional
from model.mechanisms.payout.mechanism import Payout, PayoutView
from model.mechanisms.payout.params import PayoutParams, Pool

__all__ = [
    "Payout",
    "PayoutParams",
    "PayoutView",
    "Pool",
    "fpps",
    "pplns",
    "pps",
    "pps_plus",
    "pps_reserve",
    "proportional",
]
