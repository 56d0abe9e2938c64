"""What agents share without paying: a graph of acquaintances, sentiment along it, and how markets are measured.

The graph's law is chosen here and drawn by `agents.social`; this file holds parameters and columns by account.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.mechanism import Mechanism
from model.params import Params, param
from model.streams import uniforms
from model.view import Aliases


class SocialParams(Params):
    """Parameters of `[social]`."""

    graph: Literal["none", "small_world", "scale_free", "blocks", "file"] = param(
        "small_world",
        "",
        "who knows whom: Watts-Strogatz, Barabasi-Albert, stochastic blocks with kinds as blocks, or an edge list",
        source="Watts & Strogatz 1998; Barabasi & Albert 1999; Holland, Laskey & Leinhardt 1983",
    )
    neighbours: int = param(
        8, "agents", "mean number of acquaintances", ge=2, le=200, source="assumption; core discussion ties number 2-15"
    )
    rewire: float = param(0.1, "1", "small world: share of links that go anywhere", ge=0, le=1, source="assumption")
    within: float = param(0.8, "1", "blocks: share of an agent's links within his own kind", ge=0, le=1)
    edges: str = param("", "path", "file: two agent numbers per line, counted over kinds in the scenario's order")
    largest_drawn: int = param(
        50_000,
        "agents",
        "above this, or above 5,000 for blocks, a keyed kernel draws the same law instead of networkx",
        ge=0,
        le=10_000_000,
    )
    imitation: float = param(
        0.4, "1", "weight of neighbours in an agent's sentiment", ge=0, le=1, live=True, source="assumption"
    )
    sentiment_days: float = param(
        30, "days", "time in which sentiment is forgotten", gt=0, le=3650, live=True, source="assumption"
    )
    elation: float = param(
        4, "1", "sentiment per log point of own wealth gained or lost", ge=0, le=100, live=True, source="assumption"
    )
    word_of_mouth: float = param(
        0.02,
        "1",
        "probability that an agent's trade makes one neighbour look tomorrow",
        ge=0,
        le=1,
        live=True,
        source="assumption; x neighbours below 1, or attention explodes",
    )
    trend_days: float = param(
        45, "days", "memory of the trend and volatility of fractions that chartists follow", gt=0, le=3650, live=True
    )
    fitness_days: float = param(
        90, "days", "memory of the profits by which rules are compared", gt=0, le=3650, live=True
    )


class SocialView(NamedTuple):
    """What strategies see: the sentiment of accounts, between -1 and 1, and who neighbours whom (CSR by account)."""

    sentiment: NDArray[np.float64]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]


class Social(Mechanism):
    """Acquaintances among agents, along whom moods and rumours spread.

    Attributes:
        indptr: start of each account's neighbours in `indices`; an account beyond its end has none
        indices: accounts of neighbours
        sentiment: -1 fear to 1 greed
        heard: whether a neighbour's trade will make the account look at its next chance
    """

    key = "social"
    channels = {
        "attention": "everybody's probability to look at the market",
        "rumour": "lenders' fear of a run, which is what it is multiplied by, less 1",
    }
    Params = SocialParams

    def __init__(self, market: Any, params: Any) -> None:
        super().__init__(market, params)
        self.aliases = Aliases()
        self.indptr = np.zeros(1, np.int64)
        self.indices = np.zeros(0, np.int64)
        self.sentiment = np.zeros(0)
        self.heard = np.zeros(0, np.bool_)

    def reserve(self) -> None:
        """Let the columns reach as far as the ledger's accounts."""
        more = self.ledger.books.sector.size - self.sentiment.size
        if more > 0:
            self.sentiment = np.concatenate([self.sentiment, np.zeros(more)])
            self.heard = np.concatenate([self.heard, np.zeros(more, np.bool_)])

    def open(self) -> None:
        """Make room for everybody."""
        self.reserve()

    def welcome(self, newcomers: NDArray[np.int64], hosts: NDArray[np.int64], friends: float) -> None:
        """Link newcomers to their hosts, to acquaintances of these, and to anybody [JacksonRogers2007].

        Args:
            newcomers: accounts without links
            hosts: account that invited each; negative for none, whose links all go to anybody
            friends: share of an invited newcomer's further links that go to acquaintances of his host
        """
        self.reserve()
        n = self.indptr.size - 1
        if n == 0 or self.indices.size == 0 or newcomers.size == 0:
            return
        key, size = self.streams.key("acquaintance", "", self.clock.tick), int(newcomers.max()) + 1
        known = self.indices  # an end of a random link: whoever has more of them is met more often
        source, target = [], []
        for j in range(max(1, self.params.neighbours // 2)):
            which, where = uniforms(key, newcomers, 2 * j), uniforms(key, newcomers, 2 * j + 1)
            anybody = known[(where * known.size).astype(np.int64)]
            first, links = self._links(hosts, n)
            near = known[np.minimum(first + (where * links).astype(np.int64), known.size - 1)]
            met = np.where((links > 0) & (which < friends), near, anybody)
            source.append(newcomers)
            target.append(np.where(hosts >= 0, hosts, anybody) if j == 0 else met)
        self._add_links(np.concatenate(source), np.concatenate(target), max(size, n))

    def _links(self, hosts: NDArray[np.int64], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Start and number of the links of accounts; none of those beyond the graph or negative."""
        inside = (hosts >= 0) & (hosts < n)
        place = np.where(inside, hosts, 0)
        first = self.indptr[place]
        return first, np.where(inside, self.indptr[place + 1] - first, 0)

    def _add_links(self, source: NDArray[np.int64], target: NDArray[np.int64], size: int) -> None:
        """Put new links, both ways and each once, into the rows of the graph."""
        pairs = np.unique(np.stack([source, target])[:, source != target], axis=1)
        rows = np.repeat(np.arange(self.indptr.size - 1), np.diff(self.indptr))
        rows = np.concatenate([rows, pairs[0], pairs[1]])
        ends = np.concatenate([self.indices, pairs[1], pairs[0]])
        self.indices = ends[np.argsort(rows, kind="stable")]
        self.indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]).astype(np.int64)

    def view(self) -> SocialView:
        """Sentiment and links, read-only."""
        return SocialView(*self.aliases.of(self.sentiment, self.indptr, self.indices))

    def state(self) -> tuple[NDArray[Any], ...]:
        """Columns in the fingerprint."""
        n = self.ledger.accounts
        return self.sentiment[:n], self.heard[:n], self.indptr, self.indices
