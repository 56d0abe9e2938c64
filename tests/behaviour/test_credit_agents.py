"""Lenders, liquidators, leverage seekers and borrowing miners in small markets: what they do, and why."""

from typing import Any

import numpy as np
import pytest

from agents.lenders import fled_around, frailty
from agents.leverage.bundles import MOST_STEPS, lacking, loop, unwind
from agents.leverage.drafts import bundles_of, empty_draft
from agents.leverage.plan import LOOP
from model import Marketplace, Scenario
from model.actions import Status
from model.bundles import Bundles
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.lending import Borrow, Pledge, Repay, Supply, Withdraw
from model.mechanisms.offerings import Tokenise
from model.mechanisms.rigs import OrderRigs
from model.units import TOKEN, USD

KEYS = ("bitcoin", "power", "rigs", "network", "payout", "vaults", "amm", "social", "fees", "oracle", "lending")
BOLD = {"strategy": "leverage_seeker", "attention": 0.5, "discount": 0.3, "opinion": 0.0, "boldness": 6.0}
CALM = {"strategy": "mean_variance", "attention": 0.0, "startle": 100.0}


def market(seed: int = 1, **tables: Any) -> Marketplace:
    merged: dict[str, Any] = {
        "clock": {"ticks": 200},
        **{key: {} for key in KEYS},
        "bitcoin": {"process": "constant"},
        "fees": {"transaction_fee": 0.01},
        "lending": {"cap_share": 2.0},
        "offerings": {"initial": 4, "th": 2_000.0, "initial_breadth": 0.5},
        "agents": {"retail_investor": {"count": 60, **CALM}},
    }
    for key, table in tables.items():
        merged[key] = {**merged.get(key, {}), **table} if isinstance(table, dict) else table
    return Marketplace(Scenario.from_tables(merged, "credit"), rng=seed)


def agents(**kinds: Any) -> dict[str, Any]:
    return {"retail_investor": {"count": 60, **CALM}, **kinds}


def steps(m: Marketplace, n: int) -> Marketplace:
    for _ in range(n):
        m.step()
    return m


def seekers(m: Marketplace) -> Any:
    return m.populations["retail_investor"].strategies[0]


# -- lenders


def test_lenders_supply_while_the_rate_beats_what_they_require() -> None:
    supplied = {}
    for safe in (0.02, 0.2):
        with market(agents=agents(lender={"count": 10, "attention": 1.0, "safe": safe})) as m:
            steps(m, 4)
            supplied[safe] = m.view.lending.deposits
            m.check()
    assert supplied[0.2] == 0.0 < supplied[0.02]


def test_lenders_leave_an_idle_pool() -> None:
    with market(agents=agents(lender={"count": 10, "attention": 1.0, "memory": 3.0})) as m:
        most = steps(m, 3).view.lending.deposits
        assert m.settlement.outcomes[Supply][Status.DONE] > 0
        assert steps(m, 20).view.lending.deposits < 0.2 * most  # nobody borrows, so it pays nothing


def test_a_rumour_makes_them_run_and_the_first_are_paid() -> None:
    left = {}
    for nerve in (0.5, 2.0):
        rumour = [{"channel": "rumour", "size": 0.9, "day": 15, "days": 2, "shape": "pulse", "source": "test"}]
        lender = {"count": 10, "attention": 1.0, "nerve": nerve, "caution": 0.0, "safe": 0.0}
        investors = {"count": 60, **BOLD}
        with market(shocks=rumour, agents={"retail_investor": investors, "lender": lender}) as m:
            steps(m, 15)
            lending: Any = m.mechanisms["lending"]
            before, cash = lending.deposits, lending.cash
            assert lending.debt > 0
            m.step()
            rows = m.populations["lender"].strategies[0].receipts[Withdraw]
            left[nerve] = lending.deposits / before
            if nerve < 1.0:
                assert rows["filled"].sum() <= cash
                m.step()
                assert m.view.lending.queue > 0.0
            m.check()
    assert left[0.5] < 0.8 < 0.9 < left[2.0]


def test_flight_spreads_to_neighbours() -> None:
    indptr, indices = np.array([0, 2, 4, 5, 5]), np.array([1, 2, 0, 2, 0])
    account, place, out = np.array([0, 1, 2]), np.array([0, 1, 2, -1]), np.zeros(3)
    fled_around(account, 3, place, np.array([-2.0, 6.0, -2.0]), 7.0, indptr, indices, out)
    assert out.tolist() == pytest.approx([1 / 3, 0.0, 0.0])


def test_debts_in_bad_health_are_frightening() -> None:
    debt, health = np.array([10.0, 10.0, 0.0, 20.0]), np.array([0.9, 1.125, np.inf, 3.0])
    assert frailty(4, debt, health) == pytest.approx((10.0 + 5.0) / 40.0)
    assert frailty(4, np.zeros(4), health) == 0.0


# -- liquidators


def test_liquidators_commit_what_pools_can_take_and_sell_what_they_seized() -> None:
    with market(agents=agents(liquidator={"count": 2, "impact": 0.03})) as m:
        steps(m, 2)
        lending, vaults = m.mechanisms["lending"], m.mechanisms["vaults"]
        bots = m.populations["liquidator"].account[:2]
        assert (lending.standing.capital[bots] == 0).all()  # nothing is pledged
        fraction, retail = int(vaults.fraction[0]), m.populations["retail_investor"].account[:60]
        holder = int(retail[np.argmax(m.ledger.books.balances[fraction, retail])])
        held = m.ledger.balance(fraction, holder)
        m.submit(Pledge(holder, vault=0, amount=held // 2))
        steps(m, 2)
        capital = lending.standing.capital[bots] / USD
        assert (capital > 0.0).all()
        assert (capital <= held // 2 / TOKEN * m.view.oracle.price[0] / 1.12 * 1.2).all()
        m.ledger.pay(fraction, holder, int(bots[0]), held // 4, Flow.LIQUIDATION)
        price = m.view.amm.price[0]
        m.step()
        assert m.ledger.balance(fraction, int(bots[0])) < held // 4
        assert m.mechanisms["amm"].view().price[0] > price * (1 - 0.03) * 0.999
        steps(m, 40)
        assert m.ledger.balance(fraction, int(bots[0])) == 0
        m.check()


# -- leverage seekers


def names_of(table: Bundles) -> list[str]:
    """Names of the steps of a table's only bundle."""
    return [type(action).__name__ for action in table.bundle(0).actions]


def levered(tables: dict[str, Any] | None = None, **seeker: Any) -> Marketplace:
    lender = {"count": 10, "attention": 1.0, "safe": 0.0, "cash": 50_000.0}
    return market(agents={"retail_investor": {"count": 60, **BOLD, **seeker}, "lender": lender}, **(tables or {}))


def test_seekers_borrow_up_to_their_leverage() -> None:
    with levered(leverage=1.4) as m:
        steps(m, 30)
        pool, population = m.view.lending, m.populations["retail_investor"]
        accounts = population.account[:60]
        debt = pool.debt_usd[accounts]
        assert (debt > 0.0).sum() > 10
        held, ledger = np.zeros(60), m.ledger
        for asset in (*m.view.vaults.fraction[:4], *pool.pledge[:4]):
            held += ledger.books.balances[asset, accounts] * float(ledger.value[asset])
        levers = held[debt > 0.0] / (held - debt)[debt > 0.0]
        assert np.median(levers) < 1.4 * 1.05
        assert (pool.health[accounts] > 1.0).all()
        m.check()


def test_they_repay_when_the_rate_is_beyond_what_they_expect() -> None:
    with levered() as m:
        before = steps(m, 20).view.lending.debt
        m.change({"lending.base": 3.0})
        after = steps(m, 15).view.lending.debt
        assert after < 0.3 * before
        assert m.settlement.outcomes[Repay][Status.DONE] > 0


@pytest.mark.parametrize("stale", [False, True])
def test_they_top_up_when_their_health_is_bad(stale: bool) -> None:
    stuck = {"channel": "oracle_stuck", "size": -1.0, "day": 20, "days": 6, "shape": "pulse", "source": "test"}
    outage = {"shocks": [stuck], "oracle": {"stale_hours": 1.0}} if stale else {}
    with levered(outage, nerves=1.3, attention=1.0) as m:
        lending: Any = steps(m, 20).mechanisms["lending"]
        lending.params = lending.params.model_copy(update={"threshold": 0.45})
        lending.measure()
        frightened, pledged = int((lending.health < 1.25).sum()), m.settlement.outcomes[Pledge][Status.DONE]
        steps(m, 1)
        assert m.view.lending.paused is stale
        if stale:
            assert m.settlement.outcomes[Pledge][Status.CLOSED] == 0
        steps(m, 4)
        assert int((lending.health < 1.25).sum()) < 0.3 * frightened
        assert m.settlement.outcomes[Pledge][Status.DONE] > pledged


def test_a_loop_pledges_borrows_and_buys_in_rounds() -> None:
    with levered(attention=0.0) as m:
        steps(m, 8)
        fraction, accounts = int(m.view.vaults.fraction[0]), m.populations["retail_investor"].account[:60]
        who = int(accounts[np.argmax(m.ledger.books.balances[fraction, accounts])])
        held, price = m.ledger.balance(fraction, who) // 2, float(m.view.oracle.price[0])
        first = int(held / TOKEN * price * 0.35 * USD)
        row = np.zeros(LOOP, np.int64)
        row[:] = who, 0, held, 0, int(first * 1.4), first, 350_000, 3
        sheet, draft = seekers(m).sheet.look(), empty_draft(1, 10)
        loop(row[None], 1, sheet.facts, m.view.oracle.price, m.view.lending.cap_left, draft)
        table = bundles_of(draft, sheet.venues)
        assert len(table) == 1
        assert names_of(table)[:6] == ["Pledge", "Borrow", "Swap", "Pledge", "Borrow", "Swap"]
        m.submit(table)
        m.step()
        assert all((action.rows["status"] == Status.DONE).all() for action in table.actions)
        assert 1.25 * first < m.mechanisms["lending"].owed_by(who) <= 1.4 * first
        m.check()


def test_they_remember_what_they_bought_on_credit() -> None:
    """What is not remembered is never looked at again: it could not be sold in a panic, nor rebalanced."""
    with Marketplace(Scenario.load("leverage_cycle").override({"clock.ticks": 40}), rng=5) as m:
        m.run()
        people, balances = m.populations["retail_investor"], m.ledger.books.balances
        account, known = people.account[: len(people)], people.portfolio.astype(np.int64)
        assert m.settlement.outcomes[Borrow][Status.DONE] > 50
        for v, assets in enumerate(zip(m.view.vaults.fraction, m.view.lending.pledge, strict=False)):
            held = sum(balances[asset, account] for asset in assets if asset >= 0)
            assert not np.any((held > 0) & ((known >> v) & 1 == 0))


def test_pledged_fractions_are_sold_with_a_flash_loan(monkeypatch: pytest.MonkeyPatch) -> None:
    with levered() as m:
        steps(m, 24)
        rich = int(m.populations["retail_investor"].account[0])
        m.ledger.pay(USD_ASSET, m.ledger.world, rich, 5_000 * USD, Flow.ENDOWMENT)
        m.submit(Supply(rich, amount=5_000 * USD))  # so that the pool can lend it
        m.step()
        pool, accounts = m.view.lending, m.populations["retail_investor"].account[:60]
        who = int(accounts[np.argmax(pool.debt_usd[accounts])])
        vault = int(np.argmax([m.ledger.balance(int(p), who) if p >= 0 else 0 for p in pool.pledge]))
        pledged, at_hand = (int(m.ledger.balance(int(a[vault]), who)) for a in (pool.pledge, m.view.vaults.fraction))
        usd = m.ledger.balance(USD_ASSET, who)
        m.ledger.pay(USD_ASSET, who, m.ledger.world, usd - USD, Flow.DEPARTURE)  # too poor to repay from cash
        handed: list[Bundles] = []

        def sell_half(cohort: Any, seen: Any) -> list[Bundles]:
            amount = at_hand + pledged // 2
            limit = int(amount / TOKEN * seen.amm.price[vault] * 0.5 * USD)
            rows = np.array([[who, vault, 1, amount, limit, 0, 0]], np.int64)
            sheet, lacks, kept = seekers(m).sheet.look(), np.zeros(1, np.int64), np.empty((1, 7), np.int64)
            assert lacking(rows, seen.balances, sheet.fraction, sheet.stake, sheet.pledge, lacks) == 1
            assert lacks[0] == pledged // 2
            draft, releases, credit = empty_draft(1, MOST_STEPS), np.zeros((1, 5), np.int64), seen.lending
            by_account = credit.backing, credit.debt_usd
            looks = rows, lacks, seen.balances, seen.oracle.price, credit.loan_to_value, credit.flash_fee, *by_account
            assert unwind(*looks, kept, releases, draft) == (0, 0)
            handed.append(bundles_of(draft, sheet.venues))
            return handed

        monkeypatch.setattr(seekers(m), "decide", sell_half)
        m.populations["retail_investor"].alert[:] = True
        m.step()
        assert names_of(handed[0]) == ["FlashBorrow", "Repay", "Release", "Swap", "FlashRepay"]
        assert all((action.rows["status"] == Status.DONE).all() for action in handed[0].actions)
        assert m.ledger.balance(int(pool.pledge[vault]), who) == pledged - pledged // 2
        m.check()


def test_without_lending_they_are_investors_like_others() -> None:
    books = {}
    for strategy in ("mean_variance", "leverage_seeker"):
        investors = {"retail_investor": {"count": 60, "strategy": strategy}}
        with market(lending={"enabled": False}, agents=investors) as m:
            books[strategy] = steps(m, 15).ledger.books.balances.copy()
    assert (books["mean_variance"] == books["leverage_seeker"]).all()


# -- miners


def test_miners_borrow_against_fractions_kept_instead_of_offering_more() -> None:
    eager = {"payback_limit": 60.0, "tokenise_rate": 1.0, "loan_rate": 5.0, "loan_weeks": 4.0}
    lender = {"count": 10, "attention": 1.0, "safe": 0.0, "cash": 50_000.0}
    with market(agents=agents(miner={"count": 12, "strategy": "on_credit", **eager}, lender=lender)) as m:
        strategy, borrowers, buyers = m.populations["miner"].strategies[0], set(), set()
        for _ in range(28):
            m.step()
            loans = strategy.receipts[Borrow]
            borrowed = set(loans["account"][loans["status"] == Status.DONE].tolist())
            assert not borrowed & set(strategy.receipts[Tokenise]["account"].tolist())
            buyers |= borrowed & set(strategy.receipts[OrderRigs]["account"].tolist())
            borrowers |= borrowed
        assert buyers  # others needed working capital
        debts = [m.mechanisms["lending"].owed_by(who) for who in borrowers]
        m.change({"lending.base": 4.9, "lending.slope1": 5.0})
        steps(m, 7)  # a review of each; interest is a hundredth a day
        assert sum(m.mechanisms["lending"].owed_by(who) for who in borrowers) < 0.8 * sum(debts)
        m.check()
