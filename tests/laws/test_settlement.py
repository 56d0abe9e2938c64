"""The order of a day: drawn from the account alone, an agent's own rows in his own order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Status, settlement_order
from model.desk import Desk, count_rows
from model.mechanisms.amm import Swap
from model.mechanisms.bitcoin import TradeCoins
from model.streams import Streams


def rows_of(accounts: list[int]) -> Swap:
    return Swap(np.array(accounts, np.int64), vault=0, side=0, amount=np.arange(len(accounts)), limit=0)


def ranked(seed: int, tick: int, accounts: list[int]) -> list[tuple[int, int]]:
    """(account, its how-manieth row) in the order of settlement."""
    uid = np.array([(i + 1) * 0x9E3779B97F4A7C15 % (1 << 62) for i in range(32)])
    order, words = settlement_order(Streams(seed).key("ordering", "", tick), uid, rows_of(accounts).rows)
    assert np.all(np.diff(words[order].astype(np.float64)) >= 0)
    nth = [accounts[:i].count(a) for i, a in enumerate(accounts)]
    return [(accounts[i], nth[i]) for i in order]


@settings(max_examples=100, deadline=None)
@given(
    accounts=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    place=st.integers(0, 40),
    seed=st.integers(0, 5),
    tick=st.integers(0, 400),
)
def test_one_more_agent_changes_nobody_elses_place(accounts: list[int], place: int, seed: int, tick: int) -> None:
    without = ranked(seed, tick, accounts)
    cut = min(place, len(accounts))
    joined = ranked(seed, tick, [*accounts[:cut], 31, *accounts[cut:]])
    assert [row for row in joined if row[0] != 31] == without


@settings(max_examples=100, deadline=None)
@given(accounts=st.lists(st.integers(0, 5), min_size=1, max_size=40), tick=st.integers(0, 400))
def test_own_rows_keep_their_order(accounts: list[int], tick: int) -> None:
    order = ranked(1, tick, accounts)
    for account in set(accounts):
        own = [nth for a, nth in order if a == account]
        assert own == list(range(accounts.count(account)))
    blocks = [a for i, (a, _) in enumerate(order) if i == 0 or order[i - 1][0] != a]
    assert len(blocks) == len(set(accounts)), "an agent's rows are settled together"


def test_days_differ() -> None:
    everyone = list(range(30))
    orders = {tuple(ranked(1, tick, everyone)) for tick in range(20)}
    assert len(orders) == 20


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 3_000), accounts=st.sampled_from([1, 3, 32]), tick=st.integers(0, 400))
def test_few_and_many_rows_are_sorted_stably(n: int, accounts: int, tick: int) -> None:
    uid = np.array([(i + 1) * 0x9E3779B97F4A7C15 % (1 << 62) for i in range(32)])
    rows = rows_of([(i * i + tick) % accounts for i in range(n)]).rows
    order, words = settlement_order(Streams(3).key("ordering", "", tick), uid, rows)
    assert np.array_equal(order, np.argsort(words, kind="stable"))


def test_what_comes_late_is_laid_with_what_lies_there_and_counted_once() -> None:
    coins, early, late = (TradeCoins([3, 1], side=0, amount=5), rows_of([2, 4]), rows_of([4, 0, 4]))
    desk, key, uid = Desk([TradeCoins, Swap]), Streams(3).key("ordering", "", 1), np.arange(9) * 77
    desk.lay({TradeCoins: [coins], Swap: [early]}, key, uid)
    batches, flat, _, _ = desk.take(TradeCoins)
    assert batches == [coins] and desk.take(TradeCoins) is None
    flat[-2] = Status.LIMIT
    assert coins.rows["status"].tolist() == [Status.PENDING, Status.LIMIT], "batches see what becomes of their rows"
    inbox = {Swap: [late]}
    desk.lay(inbox, key, uid)
    batches, flat, order, words = desk.take(Swap)
    assert batches == [early, late] and not inbox
    expected = settlement_order(key, uid, rows_of([2, 4, 4, 0, 4]).rows)
    assert flat.reshape(-1, Swap.width)[:, 0].tolist() == [2, 4, 4, 0, 4]
    assert (order.tolist(), words.tolist()) == (expected[0].tolist(), expected[1].tolist())
    tally, last = np.zeros((2, len(Status)), np.int64), np.full(9, -1)
    acting = sum(
        count_rows(*sheet, 1, tally, last, np.zeros(9, np.int64), np.zeros(1, np.int64)) for sheet in desk.sheets()
    )
    assert tally.sum(axis=1).tolist() == [2, 5] and acting == 5
    assert not list(desk.sheets())
