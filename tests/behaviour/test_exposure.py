"""The exposure network of a market with credit agrees with its ledger, and is told and drawn."""

from itertools import pairwise

import pytest

from experiments.exposure import __main__ as command
from experiments.exposure import cascade, exposures
from experiments.exposure.cascade import after
from model import Marketplace, Scenario
from model.ledger import USD_ASSET
from model.units import USD

TICKS = 40


@pytest.fixture(scope="module")
def market():
    with Marketplace(Scenario.load("credit_baseline").override({"clock.ticks": TICKS}), rng=3) as found:
        yield found.run()


def total(graph, what):
    return sum(edge["usd"] for *_, edge in graph.edges(data=True) if edge["what"] == what)


def test_debts_of_the_network_are_those_of_the_pool(market):
    graph, lending = exposures(market), market.mechanisms["lending"]
    assert lending.debt > 0
    assert total(graph, "deposit") == pytest.approx(lending.deposits / USD, rel=1e-6, abs=1.0)
    to_pool = sum(edge["usd"] for *_, edge in graph.in_edges(lending.pool, data=True))
    assert to_pool == pytest.approx(lending.debt / USD, rel=1e-6, abs=1.0)
    worth = lending.pledged * market.ledger.value[market.mechanisms["vaults"].fraction[: lending.pledged.size]]
    assert total(graph, "pledge") == pytest.approx(worth[lending.pledged > 0].sum(), rel=1e-6, abs=1.0)
    assert lending.reserve not in graph and lending.fund not in graph


def test_a_pool_has_its_cash_and_fund_and_its_means_are_its_cushion(market):
    graph, lending = exposures(market), market.mechanisms["lending"]
    fund = market.ledger.balance(USD_ASSET, lending.fund)
    assert after(graph, lending.pool, 0.0) == pytest.approx((lending.cash + fund) / USD, abs=1.0)
    cushion = graph.nodes[lending.pool]["wealth"]
    assert cushion == pytest.approx((lending.reserves + lending.surplus + fund) / USD, abs=1.0)


def test_larger_falls_do_more(market):
    graph = exposures(market)
    found = [cascade(graph, fall) for fall in (0.0, 0.3, 0.6, 0.9)]
    assert found[0].missing == found[0].lenders == 0.0 < found[-1].lenders <= found[-1].missing * 1.5
    for less, more in pairwise(found):
        assert less.defaulted <= more.defaulted and less.missing <= more.missing and less.lenders <= more.lenders


def test_the_command_draws_the_network_of_any_tick(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("<!-- study: exposure -->\n<!-- end -->\n")
    command.main(["credit_baseline", "--seed", "3", "--tick", "20", "--out", str(tmp_path), "--page", str(page)])
    assert "after tick 20" in capsys.readouterr().out
    assert (tmp_path / command.NAME).stat().st_size > 20_000 and "lending pool" in page.read_text()
