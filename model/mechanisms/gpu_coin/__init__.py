"""A second coin, mined by GPUs until its merge date: own difficulty, own price, cards that are sold when it is over."""

from model.mechanisms.gpu_coin.formulas import (
    breakeven_card_power_price,
    gpu_hashprice,
    mean_block_seconds,
    next_difficulty,
    resale_after,
)
from model.mechanisms.gpu_coin.mechanism import GpuCoin
from model.mechanisms.gpu_coin.params import GpuCoinParams
from model.mechanisms.gpu_coin.public import GpuView, SellGpus, TradeGpuCoins

__all__ = [
    "GpuCoin",
    "GpuCoinParams",
    "GpuView",
    "SellGpus",
    "TradeGpuCoins",
    "breakeven_card_power_price",
    "gpu_hashprice",
    "mean_block_seconds",
    "next_difficulty",
    "resale_after",
]
