"""What is lent: debt and deposits over time."""

from app.options.style import over_days

TITLE, ORDER = "Debt and deposits", 4
EMPTY = "Nobody has lent anything yet."
NAMES = {
    "lending.debt": ("debt", 0),
    "lending.deposits": ("deposits", 0),
    "nft_loans.debt": ("debt on NFTs", 0),
    "nft_loans.cash": ("cash of the pool on NFTs", 0),
}
METRICS = tuple(NAMES)

option, table = over_days(NAMES)
