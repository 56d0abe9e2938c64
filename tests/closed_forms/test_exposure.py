"""Networks of debts whose ranks and payments can be worked out by hand."""

import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.exposure import cascade, centralities, clearing, debt_rank, katz
from experiments.exposure.cascade import after
from experiments.exposure.picture import MOST, column, reduced


def network(edges, wealth):
    """Debtor, creditor, USD; wealth by node."""
    graph = nx.DiGraph()
    graph.add_nodes_from((node, {"wealth": own}) for node, own in wealth.items())
    graph.add_edges_from((debtor, creditor, {"usd": usd}) for debtor, creditor, usd in edges)
    return graph


def pool(debts, collateral, deposits, cushion=0.0, cash=0.0):
    """Borrowers, one pool, depositors; depositor "d0" also owes 50 without collateral to a shop."""
    graph = nx.DiGraph()
    blank = {"falling": 0.0, "pooled": 0.0}
    graph.add_node("pool", name="pool", sector="credit", wealth=cushion, **blank)
    for i, (debt, worth) in enumerate(zip(debts, collateral, strict=True)):
        graph.add_node(f"v{i}", name=f"v{i}", sector="credit", wealth=0.0, falling=worth, pooled=0.0)
        graph.add_node(f"b{i}", name=f"b{i}", sector="retail", wealth=worth - debt, **blank)
        graph.add_edge(f"v{i}", f"b{i}", usd=worth, what="pledge", secured=0.0)
        graph.add_edge(f"b{i}", "pool", usd=debt, what="loan", secured=worth)
    for i, usd in enumerate(deposits):
        graph.add_node(f"d{i}", name=f"d{i}", sector="lender", wealth=usd, **blank)
        graph.add_edge("pool", f"d{i}", usd=usd, what="deposit", secured=0.0)
    assert math.isclose(sum(debts) + cash, sum(deposits) + cushion)
    return graph


def test_debt_rank_of_a_chain_a_ring_and_a_loop_is_as_by_hand():
    chain = network([("a", "b", 5.0), ("b", "c", 10.0)], {"a": 1.0, "b": 10.0, "c": 20.0})
    # b is hit by .5, c by .5 * .5; values of b and c are 1/3 and 2/3
    assert debt_rank(chain, {"a": 1.0}) == pytest.approx(0.5 / 3 + 0.25 * 2 / 3)
    assert debt_rank(chain, {"c": 1.0}) == 0.0
    ring = network([("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0)], dict.fromkeys("abc", 2.0))
    # a at 1 hits b by 1/2 and that c by 1/4, once; what comes back to a counts for nothing, it is at 1
    assert debt_rank(ring, {"a": 1.0}) == pytest.approx((0.5 + 0.25) / 3)
    assert debt_rank(ring, {"a": 0.4}) == pytest.approx((0.2 + 0.1 + 0.05) / 3)


def test_a_creditor_without_means_of_his_own_is_lost_with_his_debtor():
    graph = network([("a", "b", 1.0)], {"a": 1.0, "b": 0.0})
    assert debt_rank(graph, {"a": 1.0}) == 1.0
    assert debt_rank(graph, {}) == 0.0


def test_katz_follows_shares_of_debts():
    graph = network([("a", "b", 3.0), ("a", "c", 1.0)], dict.fromkeys("abc", 1.0))
    third = 1.0 / 3.0
    assert katz(graph, 0.5) == pytest.approx({"a": third, "b": third + 0.375 * third, "c": third + 0.125 * third})
    assert katz(nx.DiGraph()) == {}


def test_centralities_of_a_star():
    graph = network(
        [(i, "pool", 1.0) for i in range(4)] + [("pool", "d", 4.0)],
        {**dict.fromkeys(range(4), 1.0), "pool": 2.0, "d": 8.0},
    )
    found = centralities(graph)
    assert (found["pool"].owes, found["pool"].is_owed, found["pool"].debts, found["pool"].claims) == (1, 4, 4.0, 4.0)
    assert max(found, key=lambda node: found[node].eigenvector) == "pool"
    # one borrower: the pool by .5, the depositor by .25; both own half of all claims
    assert found[0].debt_rank == pytest.approx(0.5 * 0.5 + 0.5 * 0.25)
    assert found["pool"].debt_rank == pytest.approx(0.5 * 0.5)
    assert sum(rank.eigenvector**2 for rank in found.values()) == pytest.approx(1.0)


def test_clearing_of_eisenberg_and_noe_in_a_ring():
    ring = network([("a", "b", 10.0), ("b", "c", 10.0), ("c", "a", 10.0)], {})
    assert clearing(ring, {}).failed == {}  # everybody pays with what he gets
    found = clearing(network([("a", "b", 10.0), ("b", "a", 4.0), ("b", "c", 4.0)], {}), {"a": 2.0, "b": 0.0})
    # a pays 2 + p_b / 2, b pays min(8, p_a): p_a = 2 + p_a / 2 = 4
    assert found.paid == pytest.approx({"a": 4.0, "b": 4.0})
    assert set(found.failed) == {"a", "b"}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.1, 100.0)), max_size=20),
    st.lists(st.floats(0.0, 50.0), min_size=6, max_size=6),
)
def test_nobody_pays_more_than_he_owes_or_has(edges, own):
    graph = nx.DiGraph()
    for debtor, creditor, usd in edges:
        if debtor != creditor:
            graph.add_edge(debtor, creditor, usd=usd)
    means = dict(enumerate(own))
    paid = clearing(graph, means).paid
    debts = dict(graph.out_degree(weight="usd"))
    for node in paid:
        got = sum(paid[other] * edge["usd"] / debts[other] for other, _, edge in graph.in_edges(node, data=True))
        assert -1e-9 <= paid[node] <= debts[node] + 1e-9
        assert paid[node] <= means[node] + got + 1e-5


def test_a_fall_reaches_depositors_after_the_cushion():
    graph = pool([100.0, 100.0], [250.0, 150.0], [150.0, 40.0], cushion=10.0)
    assert after(graph, "b0", 0.5) == pytest.approx(0.0) and after(graph, "pool", 0.5) == pytest.approx(0.0)
    small = cascade(graph, 0.2, bonus=0.0)
    assert small[1:] == (0.0, 0.0, 0.0, 0, 0)
    # at half, collateral of 125 covers 100, of 75 leaves 25: 10 of it the pool's own, 15 of 190 the depositors'
    half = cascade(graph, 0.5, bonus=0.0)
    assert half.defaulted == 0.5 and half.missing == pytest.approx(25 / 200) and half.lenders == pytest.approx(15 / 190)
    bonus = cascade(graph, 0.5, bonus=0.25)
    assert bonus.missing == pytest.approx(40 / 200) and bonus.lenders == pytest.approx(30 / 190)


def test_losses_of_depositors_reach_their_own_creditors():
    graph = pool([100.0], [100.0], [100.0])
    graph.add_node("shop", name="shop", sector="platform", wealth=50.0, falling=0.0, pooled=0.0)
    graph.add_edge("d0", "shop", usd=50.0, what="bill", secured=0.0)
    graph.nodes["d0"]["wealth"] = 50.0
    assert cascade(graph, 0.4, bonus=0.0).second == 0  # 60 left to pay 50
    found = cascade(graph, 0.6, bonus=0.0)
    assert (found.second, found.waves, found.lenders) == (1, 3, pytest.approx(0.6))


def test_recourse_to_other_means_makes_up_for_missing_collateral():
    graph = pool([100.0], [150.0], [100.0])
    graph.nodes["b0"]["wealth"] += 25.0
    assert cascade(graph, 0.5, bonus=0.0, recourse=1.0).defaulted == 0.0
    assert cascade(graph, 0.5, bonus=0.0).defaulted == 1.0
    with pytest.raises(ValueError, match="fall = 1"):
        cascade(graph, 1.0)


def test_a_large_network_is_drawn_with_100_nodes_and_every_dollar():
    graph = pool([1.0 + i for i in range(150)], [3.0 + 2 * i for i in range(150)], [float(150 * 151 / 2)])
    small = reduced(graph)
    assert len(small) <= MOST
    assert small.size(weight="usd") == pytest.approx(graph.size(weight="usd"))
    assert [column(small, node) for node in ("pool", "d0", "b149", "v149")] == [2, 3, 1, 0]
    assert reduced(small) is small
