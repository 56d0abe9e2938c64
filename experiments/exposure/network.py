"""The exposure network of a market at this moment: accounts, what they own, and who owes whom how many dollars."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model import Marketplace
from model.flows import Group
from model.units import USD

LEAST = 0.01  # USD; smaller debts are roundings
LOAN, DEPOSIT, PLEDGE, BILL = "loan", "deposit", "pledge", "bill"
FALLING = (Group.FRACTION, Group.STAKE)  # fall as prices of fractions do
POOLED = (Group.SHARE,)  # half cash, half fractions: fall as the root of their price


class Owed(NamedTuple):
    """One debt.

    Attributes:
        debtor, creditor: accounts
        usd: owed
        what: LOAN, DEPOSIT, PLEDGE or BILL
        secured: worth of what is pledged for it [USD]
    """

    debtor: int
    creditor: int
    usd: float
    what: str
    secured: float = 0.0


def exposures(market: Marketplace) -> nx.DiGraph:
    """The network at this moment.

    Nodes are accounts with `name`, `sector`, `wealth` (what they own less what they owe), `falling` and `pooled` (what of
    it are fractions, rigs and NFTs, and shares of pools, all at hand), and `things` (rigs and NFTs pledged). Edges go from who owes to whom it
    is owed, with `usd`, `what` and `secured`. The reserve and the insurance fund of the lending pool count as its own.

    Args:
        market: at the end of a tick
    """
    merged = _merged(market)
    graph = nx.DiGraph()
    for owed in _debts(market):
        debtor, creditor = merged.get(owed.debtor, owed.debtor), merged.get(owed.creditor, owed.creditor)
        if debtor == creditor or owed.usd < LEAST:
            continue
        if graph.has_edge(debtor, creditor):
            edge = graph.edges[debtor, creditor]
            edge["usd"] += owed.usd
            edge["secured"] += owed.secured
        else:
            graph.add_edge(debtor, creditor, usd=owed.usd, what=owed.what, secured=owed.secured)
    _describe(market, graph, merged)
    return graph


def _merged(market: Marketplace) -> dict[int, int]:
    """Accounts that belong to another."""
    lending = market.mechanisms.get("lending")
    return {} if lending is None else {lending.reserve: lending.pool, lending.fund: lending.pool}


def _holdings(market: Marketplace, asset: int) -> Iterator[tuple[int, float]]:
    """Who holds how many dollars of an asset, or owes them where it is worth less than nothing."""
    ledger = market.ledger
    held, value = ledger.books.balances[asset, : ledger.accounts], abs(float(ledger.value[asset]))
    for account in np.flatnonzero(held > 0).tolist():
        yield account, float(held[account]) * value


def _debts(market: Marketplace) -> Iterator[Owed]:
    """All debts, as the ledger and the books of loans have them."""
    ledger, lending, loans = market.ledger, market.mechanisms.get("lending"), market.mechanisms.get("nft_loans")
    notes = () if loans is None else (loans.notes.debt, loans.notes.claim)
    pledges = [] if lending is None else lending.pledge.tolist()
    for asset in range(len(ledger.asset_names)):
        group, issuer = int(ledger.books.group[asset]), int(ledger.books.issuer[asset, 0])
        if asset in notes:
            continue
        for account, usd in _holdings(market, asset):
            if group == Group.PAYABLE:
                yield Owed(account, issuer, usd, BILL)
            elif group == Group.DEBT:
                yield Owed(account, issuer, usd, LOAN, _secured(market, asset, account))
            elif group == Group.DEPOSIT:
                yield Owed(issuer, account, usd, DEPOSIT)
            elif asset in pledges:
                yield Owed(issuer, account, usd, PLEDGE)
    if loans is not None:
        table = loans.notes.table
        for n in loans.notes.open.tolist():
            parties = int(table.borrower[n]), int(table.lender[n])
            yield Owed(*parties, float(table.booked[n]) / USD, LOAN, float(loans.nfts.table.appraisal[n]))


def _secured(market: Marketplace, asset: int, account: int) -> float:
    """Worth of what an account has pledged for its debt in one asset [USD]."""
    lending, loans = market.mechanisms.get("lending"), market.mechanisms.get("nft_loans")
    if lending is not None and asset == lending.debt_asset:
        return float(lending.collateral_value[account])
    if loans is not None and asset == loans.pool.debt:
        own = loans.loans.open[loans.loans.table.borrower[loans.loans.open] == account]
        return float(loans.nfts.table.appraisal[own].sum())
    if loans is not None and asset == loans.desk.debt and loans.rigs is not None:
        held, pledged = loans.rigs.held(account), int(loans.rig_loans.pledged[account])
        return float(loans.rigs.mark(account)) * min(1.0, pledged / held) if held else 0.0
    return 0.0


def _describe(market: Marketplace, graph: nx.DiGraph, merged: dict[int, int]) -> None:
    """Names, sectors and possessions of the nodes."""
    ledger, real = market.ledger, _real(market)
    falling, pooled = _worth(market, FALLING) + real, _worth(market, POOLED)
    wealth = _worth(market, tuple(Group)) + real
    pool = next(iter(merged.values()), None)  # its loans are on pledges, which are debts in the network themselves
    for account in graph.nodes:
        every = [account, *(part for part, whole in merged.items() if whole == account)]
        things = sum(edge["secured"] for creditor, edge in graph[account].items() if creditor != pool)
        graph.nodes[account].update(
            name=ledger.name(account),
            sector=ledger.sectors[int(ledger.books.sector[account])],
            wealth=float(wealth[every].sum()),
            falling=float(falling[every].sum()) - things,
            pooled=float(pooled[every].sum()),
            things=things,
        )


def _worth(market: Marketplace, groups: tuple[Group, ...]) -> NDArray[np.float64]:
    """Worth of what each account has of some groups of assets [USD]; who made fractions or pools does not owe them."""
    ledger = market.ledger
    out = np.zeros(ledger.accounts)
    for asset in range(len(ledger.asset_names)):
        group, held = Group(int(ledger.books.group[asset])), ledger.books.balances[asset, : ledger.accounts]
        if group in groups:
            own = np.maximum(held, 0) if group in (*FALLING, *POOLED) else held
            out += own * float(ledger.value[asset])
    return out


def _real(market: Marketplace) -> NDArray[np.float64]:
    """Worth of rigs and NFTs by account [USD]; pledged NFTs are still their borrowers'."""
    out = np.zeros(market.ledger.accounts)
    rigs: Any = market.mechanisms.get("rigs")
    if rigs is not None:
        rigs.real_assets()
        out += rigs.worth[: out.size]
    nfts: Any = market.mechanisms.get("nfts")
    loans: Any = market.mechanisms.get("nft_loans")
    if nfts is not None:
        for n in np.flatnonzero(nfts.table.owner[: nfts.n] >= 0).tolist():
            owner = int(nfts.table.owner[n])
            if loans is not None and owner == loans.escrow:
                owner = loans.borrower(n)
            out[owner] += float(nfts.table.appraisal[n])
    return out
