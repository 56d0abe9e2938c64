"""What strategies get wrong is refused in a sentence that names them; views of agents read and write what is there."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy
from model import Marketplace, Scenario
from model.actions import Action, Bundle, Row
from model.bundles import Bundles
from model.errors import ScenarioError
from model.mechanisms.amm import Swap
from model.mechanisms.lending import Borrow, Pledge
from model.mechanisms.vaults import Redeem
from model.units import USD

KIND = "retail_investor"
TABLES = {
    **{key: {} for key in ("bitcoin", "power", "rigs", "network", "payout", "vaults", "amm")},
    "offerings": {"initial": 4, "th": 100.0},
    "agents": {"miner": {"count": 3}, KIND: {"count": 12, "attention": 1.0}},
}
COLUMNS = {"vault": 0, "side": 0, "amount": USD, "limit": 1}
FAR = 10**9

Decide = Callable[[Any, Any], Any]


@pytest.fixture
def market() -> Iterator[Marketplace]:
    with Marketplace(Scenario.from_tables(TABLES, "errors"), rng=1) as found:
        yield found


def follow(market: Marketplace, form: type[Strategy], rule: Decide) -> Population:
    """Let all investors follow a rule, for a cohort or for one at a time."""
    name = "decide_one" if form is PerAgentStrategy else "decide"
    strategy = type(
        "Erring", (form,), {"serves": KIND, "name": "erring", name: lambda self, who, view: rule(who, view)}
    )
    population: Population = market.populations[KIND]
    population.strategies = [strategy(population)]
    return population


def said(error: BaseException) -> str:
    return "; ".join((str(error), *getattr(error, "__notes__", ())))


def one(account: int) -> Action:
    return Swap(account, **COLUMNS)


ONES: dict[str, Callable[[int], list[Row | Action | Bundle]]] = {
    "row": lambda account: [Swap.row(account, **COLUMNS)],
    "batch": lambda account: [one(account)],
    "bundle": lambda account: [Bundle([one(account)])],
}


@pytest.mark.parametrize("form", ONES)
@pytest.mark.parametrize("account", [FAR, -FAR, -1])
def test_accounts_that_are_not_there_are_refused(market: Marketplace, form: str, account: int) -> None:
    if form != "row":
        with pytest.raises(ValueError, match=f"Swap of account {account}: there is no such account"):
            market.submit(ONES[form](account)[0])  # type: ignore[arg-type]
    follow(market, PerAgentStrategy, lambda agent, view: ONES[form](account))
    with pytest.raises(ValueError, match=str(account)) as refused:
        market.step()
    assert f"strategy 'erring' of {KIND} 0, account" in said(refused.value)


def test_the_last_account_may_act_and_the_next_is_refused(market: Marketplace) -> None:
    last = market.ledger.accounts - 1
    market.submit(one(last))
    with pytest.raises(ValueError, match="no such account"):
        market.submit(one(last + 1))


def test_tables_of_bundles_are_looked_at_too(market: Marketplace) -> None:
    steps, first = np.array([[0, 0]]), np.array([0, 1])
    with pytest.raises(ValueError, match="no such account"):
        market.submit(Bundles(np.array([FAR]), [one(0)], steps, first))
    with pytest.raises(TypeError, match="settles Borrow"):
        market.submit(Bundle([Borrow(0, amount=1)]))


@pytest.mark.parametrize("form", ONES)
def test_an_agent_acts_with_his_own_account(market: Marketplace, form: str) -> None:
    follow(market, PerAgentStrategy, lambda agent, view: ONES[form](agent.account + 1))
    with pytest.raises(ValueError, match="Swap of account") as refused:
        market.step()
    own = market.populations[KIND].account[0]
    assert f"Swap of account {own + 1}: an agent acts with his own, {own}" in said(refused.value)
    assert f"strategy 'erring' of {KIND} 0, account {own}" in said(refused.value)


@pytest.mark.parametrize("wrapped", [lambda batch: batch, lambda batch: Bundle([batch])])
def test_a_cohort_acts_with_accounts_of_its_kind(market: Marketplace, wrapped: Any) -> None:
    miner = int(market.populations["miner"].account[0])
    follow(market, Strategy, lambda cohort, view: [wrapped(one(miner))])
    with pytest.raises(ValueError, match=rf"Swap of account {miner} \(miner {miner}\)") as refused:
        market.step()
    assert f"strategy 'erring' of {KIND}" in said(refused.value)


@pytest.mark.parametrize("side", [7, -1])
def test_a_trade_has_two_sides(market: Marketplace, side: int) -> None:
    follow(market, PerAgentStrategy, lambda agent, view: [Swap.row(agent.account, **COLUMNS | {"side": side})])
    with pytest.raises(ValueError, match=rf"side = {side}; give 0 to pay dollars, 1") as refused:
        market.step()
    assert f"strategy 'erring' of {KIND}" in said(refused.value)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (None, "gives None"),
        ([None], "gives None"),
        ([(0, 1, 2)], r"gives \(0, 1, 2\)"),
        ([5], "gives 5"),
        (Swap.row(0, **COLUMNS), r"gives one Swap.row\(...\)"),
        (one(0), "gives <"),
        (["Swap"], "gives 'Swap'"),
    ],
)
@pytest.mark.parametrize("form", [Strategy, PerAgentStrategy])
def test_what_is_no_transaction_is_refused(market: Marketplace, form: type[Strategy], found: Any, shown: str) -> None:
    follow(market, form, lambda who, view: found)
    with pytest.raises(TypeError, match=shown) as refused:
        market.step()
    assert f"strategy 'erring' of {KIND}" in said(refused.value)
    wanted = "Swap(cohort.account, ...)" if form is Strategy else "Swap.row(agent.account, ...)"
    assert f"yield {'batches' if form is Strategy else 'rows'} such as {wanted}" in said(refused.value)


def test_a_cohort_yields_batches_not_rows(market: Marketplace) -> None:
    follow(market, Strategy, lambda cohort, view: [Swap.row(int(cohort.account[0]), **COLUMNS)])
    with pytest.raises(TypeError, match=r"one Swap.row\(...\).*yield batches such as Swap\(cohort.account"):
        market.step()


def test_actions_that_nobody_settles_are_named(market: Marketplace) -> None:
    follow(market, PerAgentStrategy, lambda agent, view: [Pledge.row(agent.account, vault=0, amount=1)])
    with pytest.raises(TypeError, match="no mechanism of this scenario settles Pledge") as refused:
        market.step()
    assert f"strategy 'erring' of {KIND}" in said(refused.value)


def test_a_raising_strategy_is_named(market: Marketplace) -> None:
    follow(market, Strategy, lambda cohort, view: [1 // 0])
    with pytest.raises(ZeroDivisionError) as raised:
        market.step()
    assert f"strategy 'erring' of {KIND}" in said(raised.value)


@pytest.mark.parametrize("make", [Swap.row, Swap])
def test_columns_are_called_by_their_names(make: Callable[..., Any]) -> None:
    wrong = {"vault": 0, "side": 0, "amount": 1, "lmit": 5}
    with pytest.raises(TypeError, match="Swap has no column 'lmit', did you mean 'limit'"):
        make(3, **wrong)
    with pytest.raises(TypeError, match="Swap has no column 'lmit', did you mean 'limit'"):
        make(3, **wrong, limit=1)
    with pytest.raises(TypeError, match="Redeem lacks its column 'amount'"):
        (Redeem.row if make == Swap.row else Redeem)(3, vault=0)


def test_a_kind_says_how_often_it_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listless_kind.py").write_text(LISTLESS)
    monkeypatch.syspath_prepend(str(tmp_path))
    scenario = tmp_path / "listless.toml"
    scenario.write_text('question = "Who looks?"\n[clock]\nticks = 2\n[agents.listless]\ncount = 2\n')
    with pytest.raises(ScenarioError, match=r"agents.listless: no trait 'attention'.*Traits of Listless"):
        Marketplace(scenario, plugins=["listless_kind"])


LISTLESS = '''
from typing import Any
from agents.base import Cohort, MarketAgent, Strategy, Traits, trait

class ListlessTraits(Traits):
    cash: Any = trait(100, "USD", "cash at the start")

class Listless(MarketAgent):
    """Somebody who does not know when to look."""
    kind, strategy, Traits = "listless", "rest", ListlessTraits

class Rest(Strategy):
    """Nothing."""
    serves, name = "listless", "rest"
'''


def test_newcomers_are_worth_what_they_bring(market: Marketplace) -> None:
    market.step()
    population = market.populations[KIND]
    known = market.agents.agg("wealth", np.sum)
    slots = population.arrive(40)
    new = [population.agents[slot] for slot in slots]
    assert [agent.wealth for agent in new] == pytest.approx([agent.cash for agent in new])
    assert all(agent.wealth > 0 for agent in new)
    assert market.agents.agg("wealth", np.sum) == pytest.approx(known + sum(agent.cash for agent in new))
    now = [agent.wealth for agent in new]
    market.record()
    assert [agent.wealth for agent in new] == pytest.approx(now)


def test_assigned_traits_and_state_go_into_the_columns(market: Marketplace) -> None:
    population: Population = market.populations[KIND]
    population.add_column("mood", 1.0)
    agent = population.agents[2]
    agent.attention, agent.mood = 0.25, agent.mood + 1
    agent.pos, agent.note = (1, 2), "mine"
    assert (population.attention[2], population.mood[2]) == (0.25, 2.0)
    assert (population.attention[1], population.mood[1]) == (1.0, 1.0)
    assert (agent.attention, agent.mood, agent.pos, agent.note) == (0.25, 2.0, (1, 2), "mine")
    assert not {"attention", "mood"} & set(vars(agent))
    with pytest.raises(AttributeError, match="cash"):
        agent.cash = 5.0  # type: ignore[misc]  # the ledger's, though a trait is called so too
    market.agents.select(agent_type=type(agent)).set("attention", 0.0)
    market.step()
    assert not population.attention.any()


def test_state_that_one_agent_writes_lasts(market: Marketplace) -> None:
    def brood(agent: MarketAgent, view: Any) -> list[Row]:
        agent.mood = agent.mood + 1
        return []

    population = follow(market, PerAgentStrategy, brood)
    population.add_column("mood")
    for _ in range(3):
        market.step()
    assert (population.mood == 3.0).all()


def test_the_range_of_a_trait_follows_what_is_assigned(market: Marketplace) -> None:
    population: Population = market.populations[KIND]
    columns, n = population.columns, len(population)
    assert (columns.least("attention", n), columns.most("attention", n)) == (1.0, 1.0)
    population.agents[0].attention = 0.125
    assert (columns.least("attention", n), columns.most("attention", n)) == (0.125, 1.0)
    Cohort(population, np.arange(n), {}).write("attention", np.full(n, 0.25))
    assert (columns.least("attention", n), columns.most("attention", n)) == (0.25, 0.25)


def test_agents_name_the_strategy_that_they_drew() -> None:
    with Marketplace("smoke") as market:
        miners = market.populations["miner"]
        assert type(miners.agents[0]).strategy == "payback", "of the kind it is the default"
        drawn = [miners.strategies[place].name for place in miners.strategy[: len(miners)]]
        assert [agent.strategy for agent in miners.agents] == drawn
        assert set(drawn) == {"payback", "mine"}
        counted = market.agents.select(agent_type=type(miners.agents[0])).groupby("strategy").count()
        assert counted == {name: drawn.count(name) for name in set(drawn)}
        with pytest.raises(AttributeError, match="drew the strategy"):
            miners.agents[0].strategy = "mine"


def test_health_is_the_lending_pools(market: Marketplace) -> None:
    with pytest.raises(AttributeError, match=r"'health_factor': the scenario has no \[lending\]"):
        _ = market.populations[KIND].agents[0].health_factor
    with Marketplace("credit_baseline", clock__ticks=20) as credit:
        for _ in range(20):
            credit.step()
        lending, agents = credit.mechanisms["lending"], list(credit.agents)
        owing = [agent for agent in agents if lending.owed_by(agent.account) > 0]
        assert owing, "somebody owes"
        free = next(agent for agent in agents if lending.owed_by(agent.account) == 0)
        assert math.isinf(free.health_factor)
        lending.measure()
        for agent in owing:
            assert agent.health_factor == pytest.approx(lending.health[agent.account])
