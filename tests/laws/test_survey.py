"""A survey that keeps the sums of untouched blocks finds what a survey of everything finds, and what was tampered with."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.books import BLOCK
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, USD_ASSET, Ledger
from model.survey import TURNS

AGENTS = 3 * BLOCK
WHO = st.integers(0, AGENTS - 1)
MOVES = st.tuples(st.sampled_from(["usd", "fraction"]), WHO, WHO, st.integers(1, 10**9))
OTHERS = st.tuples(st.sampled_from(["raise", "undo", "grow", "survey"]), WHO, WHO, st.integers(1, 10**6))


def small_ledger() -> tuple[Ledger, int, int, list[int]]:
    """A ledger with an asset that pays income, its line, and holders in several blocks and two sectors."""
    ledger = Ledger(["world", "utilities", "protocol", "agents", "others"], 4 * BLOCK, 5, 1)
    issuer, pot = ledger.open_account("agents", "issuer"), ledger.open_account("others", "pot")
    people = [int(a) for a in ledger.open_accounts("agents", AGENTS)]
    fraction = ledger.add_asset("fraction", Group.FRACTION, (issuer,))
    ledger.value[[BTC_ASSET, fraction]] = 0.03, 1e-7
    line = ledger.add_line(fraction, BTC_ASSET, pot)
    for place, account in enumerate(people[::5]):
        ledger.pay(fraction, issuer, account, 10**9 + place, Flow.MINT)
        ledger.pay(USD_ASSET, ledger.world, account, 10**9, Flow.ENDOWMENT)
    return ledger, fraction, line, people


def survey_in_turn(ledger: Ledger) -> None:
    """As many surveys as count every block anew."""
    for _ in range(TURNS):
        ledger.survey()


@settings(max_examples=60, deadline=None)
@given(play=st.lists(st.one_of(MOVES, OTHERS), max_size=30))
def test_kept_sums_are_those_of_a_survey_of_everything(play: list[tuple[str, int, int, int]]) -> None:
    ledger, fraction, line, people = small_ledger()
    for what, a, b, amount in play:
        source, target = people[a], people[b]
        if what == "usd":
            ledger.move(USD_ASSET, source, target, amount, Flow.TRANSFER)
        elif what == "fraction":
            ledger.move(fraction, source, target, amount, Flow.TRANSFER)
        elif what == "raise":
            ledger.pay(BTC_ASSET, ledger.world, int(ledger.books.line_payer[line]), amount, Flow.PAYOUT)
            ledger.share(line, amount, ledger.outstanding(fraction))
        elif what == "undo":
            ledger.begin()
            ledger.move(fraction, source, target, amount, Flow.TRANSFER)
            ledger.roll_back()
        elif what == "grow":
            people += [int(x) for x in ledger.open_accounts("others" if amount % 2 else "agents", 1 + amount % BLOCK)]
        else:
            ledger.survey()
    wealth, holdings = ledger.survey()
    everything, by_sector = ledger.survey(whole=True)
    assert np.array_equal(wealth, everything)
    assert np.array_equal(holdings, by_sector)
    balances, n = ledger.books.balances, ledger.accounts
    for place in range(len(ledger.sectors)):
        own = ledger.books.sector[:n] == place
        assert np.array_equal(holdings[:, place], balances[: len(holdings), :n][:, own].sum(axis=1))
    grouped = ledger.by_group()
    for group in Group:
        assert np.array_equal(grouped[group], holdings[ledger.books.group[: len(holdings)] == group].sum(axis=0))


@pytest.mark.parametrize("amount", [1, -(10**12)])
def test_a_balance_written_past_the_postings_is_found_in_turn(amount: int) -> None:
    ledger, fraction, _, people = small_ledger()
    ledger.survey()
    ledger.books.balances[fraction, people[50]] += amount
    with pytest.raises(InvariantViolated, match="fraction"):
        survey_in_turn(ledger)


def test_a_survey_of_everything_finds_it_at_once_and_forgets_what_was_mended() -> None:
    ledger, fraction, _, people = small_ledger()
    ledger.survey()
    for account in (people[50], people[-1]):
        ledger.books.balances[fraction, account] += 1
        with pytest.raises(InvariantViolated, match="not to zero"):
            ledger.check()
        ledger.books.balances[fraction, account] -= 1
        ledger.check()
        survey_in_turn(ledger)


def test_a_debt_is_in_the_wealth_of_its_second_issuer_until_he_has_none() -> None:
    ledger = Ledger(["world", "utilities", "protocol", "agents"], 2 * BLOCK, 4, 1)
    escrow, debtor, holder = (ledger.open_account("agents", name) for name in ("escrow", "debtor", "holder"))
    debt = ledger.add_asset("debt", Group.DEBT, (escrow, debtor))
    ledger.value[debt] = 0.5
    ledger.pay(USD_ASSET, ledger.world, debtor, 10**6, Flow.ENDOWMENT)
    ledger.pay(debt, debtor, holder, 30, Flow.MINT)
    wealth, _ = ledger.survey()
    assert wealth[[escrow, debtor, holder]].tolist() == [0.0, 1.0 - 15.0, 15.0]
    ledger.pay(debt, holder, debtor, 30, Flow.BURN)
    assert ledger.survey()[0][[escrow, debtor, holder]].tolist() == [0.0, 1.0, 0.0]
