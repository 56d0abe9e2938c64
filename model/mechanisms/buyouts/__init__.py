"""Buy-outs of whole vaults: five designs behind one interface."""

from model.mechanisms.buyouts.design import Design
from model.mechanisms.buyouts.designs import designs
from model.mechanisms.buyouts.formulas import (
    attention_for,
    block_probability,
    bought_with,
    cost_of,
    counter_of,
    least_raise,
    parts,
    price_of,
    shotgun_counter,
    shotgun_deposit,
    shotgun_price,
    success_probability,
    vote_in_range,
    wake_probability,
    weighted_reserve,
)
from model.mechanisms.buyouts.mechanism import Buyouts
from model.mechanisms.buyouts.params import BuyoutsParams
from model.mechanisms.buyouts.public import (
    BidBuyout,
    BuyoutsView,
    CounterBuyout,
    OpenBuyout,
    TenderFractions,
    VoteBuyout,
    WithdrawBid,
)
from model.mechanisms.buyouts.table import COUNTERED, Phase
from model.mechanisms.buyouts.votes import PRICE, find_vote

__all__ = [
    "COUNTERED",
    "PRICE",
    "BidBuyout",
    "Buyouts",
    "BuyoutsParams",
    "BuyoutsView",
    "CounterBuyout",
    "Design",
    "OpenBuyout",
    "Phase",
    "TenderFractions",
    "VoteBuyout",
    "WithdrawBid",
    "attention_for",
    "block_probability",
    "bought_with",
    "cost_of",
    "counter_of",
    "designs",
    "find_vote",
    "least_raise",
    "parts",
    "price_of",
    "shotgun_counter",
    "shotgun_deposit",
    "shotgun_price",
    "success_probability",
    "vote_in_range",
    "wake_probability",
    "weighted_reserve",
]
