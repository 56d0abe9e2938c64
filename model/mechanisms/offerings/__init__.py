"""Offerings: rigs become vaults whose fractions are sold before they trade."""

from model.mechanisms.offerings.formulas import Parts, cost_of, fee_of, lot, parts_of
from model.mechanisms.offerings.rules import Offerings, OfferingsParams, OfferingsView, Subscribe, Tokenise

__all__ = [
    "Offerings",
    "OfferingsParams",
    "OfferingsView",
    "Parts",
    "Subscribe",
    "Tokenise",
    "cost_of",
    "fee_of",
    "lot",
    "parts_of",
]
