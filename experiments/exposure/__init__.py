"""Who owes whom, whose failure would hurt most, and how far a fall of prices spreads through debts.

Borrowers and their pool, the pool and its depositors, pledges and their vaults, vaults and the operator who advances
their bills, borrowers and lenders of fixed-term loans, pools of loans on NFTs and rigs: one directed graph, an edge from
who owes to whom it is owed.

python -m experiments.exposure credit_baseline --seed 1 --out results/exposure
"""

from experiments.exposure.cascade import Fallout, cascade, clearing
from experiments.exposure.centrality import Centrality, centralities, debt_rank, katz
from experiments.exposure.network import exposures

__all__ = ["Centrality", "Fallout", "cascade", "centralities", "clearing", "debt_rank", "exposures", "katz"]
