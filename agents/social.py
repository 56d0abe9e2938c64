"""The social graph: networkx draws it, scipy keeps it as a sparse matrix by account, kernels walk along it.

Above `social.largest_drawn` agents (5,000 at most for blocks) the same law is drawn by keyed kernels straight into the
sparse matrix: there a pair drawn twice is one link, and blocks have their expected share of links instead of a binomial
number.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.errors import ScenarioError
from model.jit import kernel
from model.mechanisms.social import Social, SocialParams
from model.streams import u01

LARGEST_BLOCKS = 5_000  # agents; networkx walks along all pairs within a block, 20 s with 20,000
Links = tuple[NDArray[np.int64], NDArray[np.int64]]


@kernel
def _ring(key: Any, n: int, half: int, rewire: float, source: Any, target: Any) -> None:
    """Watts-Strogatz: node i to i + 1 .. i + half, each rewired anywhere with a probability."""
    e = 0
    for i in range(n):
        for d in range(half):
            j: Any = (i + d + 1) % n
            if u01(key, i, 2 * d) < rewire:
                j = np.int64(u01(key, i, 2 * d + 1) * n)
            source[e], target[e] = i, j
            e += 1


@kernel
def _preferential(key: Any, n: int, m: int, source: Any, target: Any) -> int:
    """Barabasi-Albert: each newcomer links to m ends of earlier links [Batagelj & Brandes 2005]."""
    e = 0
    for i in range(1, n):
        before = e
        for d in range(min(i, m)):
            if i <= m:
                j = d
            else:
                end = np.int64(u01(key, i, d) * 2 * before)
                j = source[end // 2] if end % 2 == 0 else target[end // 2]
            source[e], target[e] = i, j
            e += 1
    return e


@kernel
def _blocks(key: Any, sizes: Any, half: int, within: float, source: Any, target: Any) -> None:
    """Stochastic blocks: `half` links from each node, into its own block with probability `within`."""
    e, start, n = 0, 0, sizes.sum()
    for size in sizes:
        for i in range(start, start + size):
            for d in range(half):
                u = u01(key, i, 2 * d + 1)
                own = u01(key, i, 2 * d) < within
                source[e], target[e] = i, start + np.int64(u * size) if own else np.int64(u * n)
                e += 1
        start += size


def draw(params: SocialParams, sizes: NDArray[np.int64], key: np.uint64) -> Links:
    """Links (one direction each) among agents numbered over kinds.

    Args:
        params: law and size
        sizes: agents of each kind
        key: key of the stream "graph"
    """
    n = int(sizes.sum())
    k = min(params.neighbours, n - 1)
    empty = np.zeros(0, np.int64)
    if params.graph == "none" or n < 3:
        return empty, empty
    if params.graph == "file":
        return _read(params.edges, n)
    if n <= (min(params.largest_drawn, LARGEST_BLOCKS) if params.graph == "blocks" else params.largest_drawn):
        return _by_networkx(params, sizes, k, int(key) % (1 << 63))
    half = max(1, k // 2)
    source, target = np.empty(n * half, np.int64), np.empty(n * half, np.int64)
    if params.graph == "small_world":
        _ring(key, n, half, params.rewire, source, target)
    elif params.graph == "scale_free":
        e = _preferential(key, n, half, source, target)
        source, target = source[:e], target[:e]
    else:
        _blocks(key, sizes, half, params.within, source, target)
    return source, target


def _by_networkx(params: SocialParams, sizes: NDArray[np.int64], k: int, seed: int) -> Links:
    import networkx as nx

    n = int(sizes.sum())
    if params.graph == "small_world":
        graph = nx.watts_strogatz_graph(n, k, params.rewire, seed=seed)
    elif params.graph == "scale_free":
        graph = nx.barabasi_albert_graph(n, max(1, k // 2), seed=seed)
    else:
        everywhere = (1.0 - params.within) * k / n
        own = [min(1.0, params.within * k / max(1, s - 1) + everywhere) for s in sizes]
        odds = [[own[a] if a == b else everywhere for b in range(sizes.size)] for a in range(sizes.size)]
        graph = nx.stochastic_block_model([int(s) for s in sizes], odds, seed=seed, sparse=True)
    pairs = np.array(graph.edges(), np.int64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def _read(path: str, n: int) -> Links:
    if not path:
        raise ScenarioError(
            "social.graph = 'file' needs a file: give social.edges the path of one with two agent numbers per line"
        )
    try:
        pairs = np.loadtxt(Path(path), dtype=np.int64, ndmin=2, usecols=(0, 1), comments="#")
    except (OSError, ValueError) as error:
        raise ScenarioError(f"social.edges = {path!r}: {error}; give a file with two agent numbers per line") from None
    if pairs.size and not (pairs.min() >= 0 and pairs.max() < n):
        raise ScenarioError(f"social.edges = {path!r}: agents are numbered 0 to {n - 1}, found {pairs.max()}")
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def adjacency(links: Links, n: int) -> Any:
    """Symmetric 0/1 matrix without loops as scipy CSR, neighbours in rising order."""
    source, target = links
    keep = source != target
    rows, columns = np.concatenate([source[keep], target[keep]]), np.concatenate([target[keep], source[keep]])
    matrix = sparse.coo_array((np.ones(rows.size, np.int8), (rows, columns)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1
    matrix.sort_indices()
    return matrix


def connect(market: Any) -> Social | None:
    """The market's social mechanism with its graph drawn; None in a scenario without one. Further calls cost nothing.

    Except under `blocks` and `file`, agents take their places by a hash, so that kinds mix.
    """
    social = market.mechanisms.get("social")
    if social is None:
        return None
    social.reserve()
    if social.indptr.size == 1:
        populations = list(market.populations.values())
        sizes = np.array([len(p) for p in populations], np.int64)
        accounts = np.concatenate([p.account[: len(p)] for p in populations])
        if social.params.graph in ("small_world", "scale_free"):
            accounts = accounts[np.argsort(market.ledger.uid[accounts], kind="stable")]
        source, target = draw(social.params, sizes, market.streams.key("graph"))
        matrix = adjacency((accounts[source], accounts[target]), int(accounts.max()) + 1 if accounts.size else 1)
        social.indptr, social.indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
    return social


def matrix(social: Social) -> Any:
    """The graph as scipy CSR by account, for metrics and pictures."""
    n = social.indptr.size - 1
    return sparse.csr_array((np.ones(social.indices.size), social.indices, social.indptr), shape=(n, n))


@kernel
def listen(heard: Any, account: Any, alert: Any, n: int) -> None:
    """Turn rumours that reached a population into alerts, and forget them."""
    for slot in range(n):
        if heard[account[slot]]:
            heard[account[slot]] = False
            alert[slot] = True
