"""NFTs other than rigs: appraisals, incomes, minting, and sale to the world with a royalty for the artist."""

from model.mechanisms.nfts.formulas import (
    fading_value,
    gap_sd,
    gap_step,
    index_step,
    land_value,
    licence_income,
    reverted,
    right_income,
    royalty_of,
    term_value,
)
from model.mechanisms.nfts.mechanism import Nfts
from model.mechanisms.nfts.params import MintNft, NftsParams, NftsView, SellNft
from model.mechanisms.nfts.table import NftTable

__all__ = [
    "MintNft",
    "NftTable",
    "Nfts",
    "NftsParams",
    "NftsView",
    "SellNft",
    "fading_value",
    "gap_sd",
    "gap_step",
    "index_step",
    "land_value",
    "licence_income",
    "reverted",
    "right_income",
    "royalty_of",
    "term_value",
]
