"""The price of a coin [USD] and the world that buys and sells coins at it."""

from model.mechanisms.bitcoin.mechanism import Bitcoin, CoinView, TradeCoins
from model.mechanisms.bitcoin.params import BitcoinParams
from model.mechanisms.bitcoin.processes import bridge_step, table_price

__all__ = ["Bitcoin", "BitcoinParams", "CoinView", "TradeCoins", "bridge_step", "table_price"]
