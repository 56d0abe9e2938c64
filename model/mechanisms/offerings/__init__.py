"""Offerings: rigs and NFTs become vaults whose fractions are sold before they trade."""

from model.mechanisms.offerings.form import Form
from model.mechanisms.offerings.forms import forms
from model.mechanisms.offerings.formulas import (
    Parts,
    bonding_cost,
    bonding_price,
    cost_of,
    dutch_price,
    fee_of,
    lot,
    parts_of,
)
from model.mechanisms.offerings.mechanism import COUNTS, Offerings
from model.mechanisms.offerings.params import OfferingsParams, OfferingsView, Opening
from model.mechanisms.offerings.public import FoundClub, Fractionalise, OfferContract, Subscribe, Tokenise

__all__ = [
    "COUNTS",
    "Form",
    "FoundClub",
    "Fractionalise",
    "OfferContract",
    "Offerings",
    "OfferingsParams",
    "OfferingsView",
    "Opening",
    "Parts",
    "Subscribe",
    "Tokenise",
    "bonding_cost",
    "bonding_price",
    "cost_of",
    "dutch_price",
    "fee_of",
    "forms",
    "lot",
    "parts_of",
]
