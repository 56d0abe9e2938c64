"""Votes added up once in a batch say what adding all of them up each time says, to the last bit."""

from hypothesis import given
from hypothesis import strategies as some

from model.mechanisms.buyouts.designs.reserve_auction import Count
from model.mechanisms.buyouts.formulas import weighted_reserve

amounts, prices = some.integers(0, 10**13), some.integers(0, 10**15)


@given(
    some.dictionaries(some.integers(0, 9), some.tuples(amounts, prices), max_size=8),
    some.lists(some.tuples(some.integers(0, 9), amounts, prices), max_size=20),
)
def test_the_mean_of_the_others(first, later):
    votes = {who: (held, price) for who, (held, price) in first.items() if held and price}
    count = Count({who: held for who, (held, _) in votes.items()}, {who: price for who, (_, price) in votes.items()})
    for who, held, price in later:
        held = votes.get(who, (held, 0))[0]  # fractions do not move within a batch
        others = [vote for other, vote in votes.items() if other != who]
        assert count.others(who) == weighted_reserve([h for h, _ in others], [p for _, p in others])
        count.note(who, held, price)
        votes.pop(who, None)
        if held and price:
            votes[who] = (held, price)
