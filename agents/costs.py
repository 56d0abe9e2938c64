"""What it costs to act at all."""

from model.view import MarketView


def click_of(market: MarketView) -> float:
    """Fees of one transaction [USD], 0 where none are charged."""
    return float(market.fees.per_transaction) if market.has("fees") else 0.0
