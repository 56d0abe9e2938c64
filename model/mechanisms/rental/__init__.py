"""Hashpower for hire: standard and fixed orders, auctions, delivery, and tokens redeemable for hashpower."""

from model.mechanisms.rental.formulas import affordable, fee_on, majority, payable, rent, rental_cost, repriced
from model.mechanisms.rental.mechanism import Rental
from model.mechanisms.rental.params import RentalParams
from model.mechanisms.rental.public import (
    AskForTokens,
    BidHashpower,
    BuyTokens,
    CancelBid,
    IssueTokens,
    OfferHashpower,
    RedeemTokens,
    RentalView,
    RepriceBid,
)

__all__ = [
    "AskForTokens",
    "BidHashpower",
    "BuyTokens",
    "CancelBid",
    "IssueTokens",
    "OfferHashpower",
    "RedeemTokens",
    "Rental",
    "RentalParams",
    "RentalView",
    "RepriceBid",
    "affordable",
    "fee_on",
    "majority",
    "payable",
    "rent",
    "rental_cost",
    "repriced",
]
