"""The month of one vault that the page shows closes to the last unit, and the page is up to date."""

import pytest

from experiments import income_page
from experiments.income_page import PARTS, RULES, Follower, follow


@pytest.fixture(scope="module", params=sorted(RULES))
def month(request: pytest.FixtureRequest) -> tuple[str, tuple[Follower, Follower]]:
    return request.param, follow(request.param)


def test_every_day_closes_to_the_last_unit(month: tuple[str, tuple[Follower, Follower]]) -> None:
    for follower in month[1]:
        waiting = 0
        for day in follower.days:
            assert day.arrived - day.costs + waiting == sum(day.parts) + day.waiting
            waiting = day.waiting
        assert waiting < 40  # less than a unit for each who is owed, and dust


def test_accounts_add_up_to_the_parts(month: tuple[str, tuple[Follower, Follower]]) -> None:
    for follower in month[1]:
        totals = follower.totals()
        assert totals["arrived"] == sum(totals.values()) - totals["arrived"]
        for k, name in enumerate(PARTS):
            assert sum(amount for (part, _), amount in follower.received.items() if part == k) == totals[name]


def test_the_month_has_escrow_stakes_and_a_pool(month: tuple[str, tuple[Follower, Follower]]) -> None:
    rule, followers = month
    for follower in followers:
        totals = follower.totals()
        assert totals["seller, on offer"] > 0
        assert totals["stakers"] > 0
        assert (totals["holders"] > 0) == (rule == "all_holders")
        assert (totals["liquidity providers"] > 0) == (rule != "staked_only")
        assert (totals["taker of the unstaked part"] > 0) == (rule == "staked_only")


def test_the_page_shows_these_sums(month: tuple[str, tuple[Follower, Follower]]) -> None:
    text = income_page.PAGE.read_text(encoding="utf-8")
    for follower in month[1]:
        for amount in follower.totals().values():
            assert f" {amount:,} |" in text, "out of date: run `python -m experiments.income_page`"
