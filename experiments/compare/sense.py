"""Which way of a metric is the better one, where people agree on it."""

from fnmatch import fnmatchcase

LESS = (
    "adoption.left",
    "agents.gini",
    "agents.rejections",
    "insolvency.miners",
    "lending.at_risk_*",
    "lending.borrow_rate",
    "lending.hours_to_withdraw",
    "lending.liquidated_debt",
    "lending.liquidations",
    "lending.lost_*",
    "lending.queue",
    "lending.seized",
    "lending.toxic_liquidations",
    "lending.uncovered",
    "nft_loans.lost_by_*",
    "nft_loans.note_defaults",
    "nft_loans.queue",
    "nft_loans.rig_defaults",
    "nft_loans.stuck",
    "nft_loans.under_water",
    "nft_loans.unwanted",
    "oracle.gap",
    "power.interrupted",
)
MORE = (
    "amm.depth",
    "curve.depth",
    "gains.*",
    "holders.*_return",
    "insolvency.*_day",
    "lending.health_*",
    "lending.lender_yield",
    "nft_loans.cash_share",
    "nft_loans.median_health",
    "nft_loans.rig_recovery",
    "weighted.depth",
)


def sense(metric: str) -> int:
    """1 where more is better, -1 where less is, 0 where it depends on who asks.

    >>> sense("lending.lost_depositors"), sense("amm.depth"), sense("bitcoin.price")
    (-1, 1, 0)
    """
    if any(fnmatchcase(metric, pattern) for pattern in LESS):
        return -1
    return int(any(fnmatchcase(metric, pattern) for pattern in MORE))
