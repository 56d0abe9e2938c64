"""The market of whole NFTs: listings, offers, royalties, and the floor that others rely on."""

from model.mechanisms.nft_market.formulas import Split, sale
from model.mechanisms.nft_market.mechanism import NftMarket
from model.mechanisms.nft_market.public import (
    AcceptOffer,
    BuyNft,
    CancelOffer,
    Delist,
    ListNft,
    NftMarketParams,
    NftMarketView,
    OfferFor,
)

__all__ = [
    "AcceptOffer",
    "BuyNft",
    "CancelOffer",
    "Delist",
    "ListNft",
    "NftMarket",
    "NftMarketParams",
    "NftMarketView",
    "OfferFor",
    "Split",
    "sale",
]
