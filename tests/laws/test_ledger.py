"""Random play of moves and income on a small ledger: nothing is lost, nobody is overpaid.

What holds exactly, in units of the asset paid, with b a holding in base units:
- every asset sums to zero, and what holders may still collect is never more than the payer holds;
- what a line calls owed is never less than holders' claims, whole units and fractions of a unit together;
- a holder's paid income plus his claim never exceeds his exact share of the income;
- it falls short by less than b / 1e12 at each raise, (b before + b after) / 1e12 at each move he is part of, and
  less than one unit each time he parts with his whole holding.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.books import collect
from model.errors import ScenarioError
from model.flows import Flow, Group
from model.journal import Journal
from model.ledger import BTC_ASSET, Ledger
from model.units import INDEX, LARGEST, LARGEST_POSTING

HOLDERS = 4
MOVES = st.tuples(st.just("move"), st.integers(0, HOLDERS), st.integers(0, HOLDERS), st.integers(0, 5 * 10**9))
RAISES = st.tuples(st.just("raise"), st.just(0), st.just(0), st.integers(1, 10**7))
COLLECTS = st.tuples(st.just("collect"), st.integers(1, HOLDERS), st.just(0), st.just(0))


@settings(max_examples=150, deadline=None)
@given(
    first=st.lists(st.integers(0, 10**10), min_size=HOLDERS, max_size=HOLDERS),
    play=st.lists(st.one_of(MOVES, RAISES, COLLECTS), max_size=40),
)
def test_income_under_random_play(first: list[int], play: list[tuple[str, int, int, int]]) -> None:
    ledger = Ledger(["world", "utilities", "protocol", "agents"], 16, 5, 1)
    issuer, pot = ledger.open_account("agents", "issuer"), ledger.open_account("agents", "pot")
    accounts = [issuer, *(int(a) for a in ledger.open_accounts("agents", HOLDERS))]
    asset = ledger.add_asset("fraction", Group.FRACTION, (issuer,))
    line = ledger.add_line(asset, BTC_ASSET, pot)
    exact, slack = dict.fromkeys(accounts, Fraction(0)), dict.fromkeys(accounts, Fraction(0))
    pending = 0
    books = ledger.books

    def claim(account: int) -> Fraction:
        gap = int(books.line_index[line]) - int(books.settled[line, account])
        return Fraction(max(ledger.balance(asset, account), 0) * gap, INDEX)

    for account, amount in zip(accounts[1:], first, strict=True):
        ledger.pay(asset, issuer, account, amount, Flow.MINT)
    for what, a, b, amount in play:
        source, target = accounts[a], accounts[b]
        outstanding = ledger.outstanding(asset)
        if what == "raise":
            ledger.pay(BTC_ASSET, ledger.world, pot, amount, Flow.PAYOUT)
            pending += amount
            owed = ledger.share(line, pending, outstanding)
            assert 0 <= owed <= pending
            index_step = Fraction(owed, outstanding) if outstanding else Fraction(0)
            for account in accounts[1:]:
                held = ledger.balance(asset, account)
                exact[account] += held * index_step
                slack[account] += Fraction(held, INDEX)
            pending -= owed
        elif what == "collect":
            held = ledger.balance(asset, source)
            collect(books, asset, source)
            slack[source] += Fraction(held, INDEX)
        else:
            before = {x: max(ledger.balance(asset, x), 0) for x in (source, target)}
            moved = ledger.move(asset, source, target, amount, Flow.TRANSFER)
            assert moved == (source == issuer or before[source] >= amount)
            for x in before if moved and source != target else ():
                after = max(ledger.balance(asset, x), 0)
                slack[x] += Fraction(before[x] + after, INDEX) + (before[x] > 0 and after == 0)
        ledger.check()
        assert sum(map(claim, accounts[1:])) <= ledger.balance(BTC_ASSET, pot) - pending
    for account in accounts[1:]:
        received = ledger.balance(BTC_ASSET, account) + claim(account)
        assert received <= exact[account]
        assert exact[account] - received <= slack[account]
    assert ledger.balance(BTC_ASSET, issuer) == 0


def test_more_than_sums_hold_is_refused_though_every_balance_fits() -> None:
    ledger = Ledger(["world", "utilities", "protocol", "agents"], 16, 5, 1)
    holders = [int(a) for a in ledger.open_accounts("agents", 2)]
    for _ in range(LARGEST // LARGEST_POSTING // 2 + 2):
        for issuer, holder in zip((ledger.world, ledger.protocol), holders, strict=True):
            ledger.pay(BTC_ASSET, issuer, holder, LARGEST_POSTING - 1, Flow.SUBSIDY)
    assert all(0 < ledger.balance(BTC_ASSET, holder) < LARGEST for holder in holders)
    with pytest.raises(ScenarioError, match="BTC: more is issued than the books hold"):
        ledger.check()


def test_a_row_of_large_flows_is_shown() -> None:
    journal = Journal(["giver", "taker"])
    journal.flows.append(np.array([[Flow.PAYOUT, Group.USD, 0, 1, 1 << 62]], np.int64))
    assert journal.flow_matrix(None, "usd").loc["payout"].tolist() == [-(1 << 62), 1 << 62]
