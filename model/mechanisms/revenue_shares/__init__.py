"""Companies sell a share of their revenue until a multiple of the money is paid back, or a term is over."""

from model.mechanisms.revenue_shares.formulas import (
    days_to_repay,
    due,
    present_value,
    share_for,
)
from model.mechanisms.revenue_shares.mechanism import RevenueShares
from model.mechanisms.revenue_shares.params import RevenueSharesParams
from model.mechanisms.revenue_shares.public import BuyRevenueShare, OfferRevenueShare, RevenueSharesView

__all__ = [
    "BuyRevenueShare",
    "OfferRevenueShare",
    "RevenueShares",
    "RevenueSharesParams",
    "RevenueSharesView",
    "days_to_repay",
    "due",
    "present_value",
    "share_for",
]
