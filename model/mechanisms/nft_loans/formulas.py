"""Rules of loans against NFTs and rigs as pure functions of plain numbers; money in base units, rates a year."""

import math

BPS = 10_000


def interest_of(debt: int, rate: float, years: float) -> int:
    """Interest on a debt over a short time, rounded up [base units].

    >>> interest_of(1_000_001, 0.5, 0.25)
    125001
    """
    return math.ceil(debt * (rate * years))


def health(floor: float, threshold: float, debt: float) -> float:
    """Health factor of a loan against one NFT, floor threshold / debt; infinite without debt; below 1 it is up for auction.

    >>> round(health(100.0, 0.90, 92.0), 4)
    0.9783
    """
    return floor * threshold / debt if debt > 0.0 else math.inf


def first_bid(debt: int, floor: int, debt_share: float, floor_share: float) -> int:
    """Least first bid of an auction: max(debt share . debt, floor share . floor), rounded up [base units].

    >>> first_bid(40, 43, 1.0, 0.95), first_bid(42, 43, 1.0, 0.95), first_bid(40, 43, 1.0, 0.0)
    (41, 42, 40)
    """
    return max(1, math.ceil(debt * debt_share), math.ceil(floor * floor_share))


def next_bid(bid: int, debt: int, step: float) -> int:
    """Least bid that beats another: `step` of the debt above it [base units].

    >>> next_bid(100, 50, 0.01)
    101
    """
    return bid + max(1, math.ceil(debt * step))


def proceeds(bid: int, debt: int, royalty_bps: int) -> tuple[int, int, int]:
    """Lender's, artist's and borrower's part of the best bid of an auction; they add up to it [base units].

    The lender comes first: min(bid, debt); then the artist, min(rest, floor(bid royalty)); what is left is the borrower's.

    Args:
        bid: price that the NFT fetches
        debt: on it
        royalty_bps: artist's part of a sale [1e-4]; 0 where it was he who had pledged it

    >>> proceeds(1_000, 800, 750), proceeds(1_000, 960, 750), proceeds(700, 800, 750)
    ((800, 75, 125), (960, 40, 0), (700, 0, 0))
    """
    lender = min(bid, debt)
    artist = min(bid - lender, bid * royalty_bps // BPS)
    return lender, artist, bid - lender - artist


def fine_of(debt: int, share: float, least: int) -> int:
    """What a borrower who redeems pays the first bidder: the larger of a share of the debt and a least sum [base units].

    >>> fine_of(10_000, 0.05, 200)
    500
    """
    return max(math.ceil(debt * share), least)


def redeemed(debt: int, low: float, high: float) -> tuple[int, int]:
    """Least and most of a debt that a redeeming borrower pays, before the fine [base units].

    >>> redeemed(1_000, 0.50, 0.90)
    (500, 900)
    """
    return math.ceil(debt * low), math.floor(debt * high)


def note_owed(principal: int, repayment: int, elapsed: int, term: int, pro_rata: bool) -> int:
    """What repays a loan between two people at some time [base units].

    Fixed: the whole repayment at any time. Pro rata: principal + (repayment - principal) t/T, rounded up.

    >>> note_owed(10_000_000, 11_000_000, 12, 30, True) - 10_000_000, note_owed(10, 11, 12, 30, False)
    (400000, 11)
    """
    if not pro_rata or elapsed >= term:
        return repayment
    return principal - (-(repayment - principal) * elapsed // term)


def yearly(principal: float, repayment: float, days: float) -> float:
    """Simple interest of a loan with a fixed repayment [1/year].

    >>> round(yearly(10.0, 11.0, 30.0), 4)
    1.2167
    """
    return (repayment / principal - 1.0) * 365.0 / days


def scheduled(principal: int, elapsed: int, term: int, bullet: bool = False) -> int:
    """Most that may still be owed on a loan paid off in equal parts, principal (1 - t/T), or at its end [base units].

    >>> scheduled(1_200, 3, 12), scheduled(1_200, 3, 12, bullet=True), scheduled(1_200, 12, 12, bullet=True)
    (900, 1200, 0)
    """
    left = max(0, term - elapsed)
    return principal * (left > 0) if bullet else principal * left // term


def recovered(loan_to_value: float, fall: float) -> float:
    """Part of a loan that the sale of its collateral brings back after the collateral's price has fallen.

    min(1, (1 - fall)/LTV). Rigs of 2022: LTV .60, price -85 %.

    >>> round(recovered(0.60, 0.85), 12)
    0.25
    """
    return min(1.0, (1.0 - fall) / loan_to_value)
