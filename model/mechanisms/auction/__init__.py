"""Batch auction: orders for fractions that are cleared together at one price."""

from model.mechanisms.auction.formulas import clear_batch, least_price, pro_rata
from model.mechanisms.auction.mechanism import Auction
from model.mechanisms.auction.public import AuctionParams, AuctionView, BatchOrder, CancelOrder

__all__ = [
    "Auction",
    "AuctionParams",
    "AuctionView",
    "BatchOrder",
    "CancelOrder",
    "clear_batch",
    "least_price",
    "pro_rata",
]
