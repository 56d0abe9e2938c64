"""What happened: events with reasons, flows between sectors, and the two matrices of stock-flow consistency."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError, nearest
from model.flows import WORDS, Flow, Group

if TYPE_CHECKING:
    import pandas as pd

    from model.ledger import Ledger
    from model.mechanism import Mechanism

EVENT_COLUMNS = ("tick", "kind", "account", "vault", "amount", "text")
CHANGE_IN_HOLDINGS = "change in holdings"
NOBODY = -1


@dataclass
class Journal:
    """Record of one run.

    Attributes:
        events: rows of EVENT_COLUMNS
        flows: rows (kind, group, from sector, to sector, base units) of each tick, the opening first
        holdings: base units by group and sector at the end of each tick, the opening first
    """

    sectors: list[str]
    tick: int = -1
    events: list[tuple[int, str, int, int, float, str]] = field(default_factory=list)
    flows: list[NDArray[np.int64]] = field(default_factory=list)
    holdings: list[NDArray[np.int64]] = field(default_factory=list)

    def event(self, kind: str, text: str, account: int = NOBODY, vault: int = NOBODY, amount: float = 0.0) -> None:
        """Note an event: what, to whom, how much, and why in words."""
        self.events.append((self.tick, kind, int(account), int(vault), float(amount), text))

    def close_tick(self, ledger: "Ledger") -> None:
        """Take the tick's flows from the ledger, and the holdings by group as its survey measured them from balances."""
        self.flows.append(ledger.drain())
        self.holdings.append(ledger.by_group())

    def event_table(self) -> "pd.DataFrame":
        """All events, one row each."""
        import pandas as pd

        return pd.DataFrame(self.events, columns=list(EVENT_COLUMNS))

    def flow_table(self) -> "pd.DataFrame":
        """All flows in long form: tick, kind, asset group, from, to, amount in base units."""
        import pandas as pd

        names = np.array(self.sectors, object)
        table = np.concatenate([np.zeros((0, 5), np.int64), *self.flows])
        ticks = np.repeat(np.arange(-1, len(self.flows) - 1), [len(rows) for rows in self.flows])
        return pd.DataFrame(
            {
                "tick": ticks,
                "kind": [WORDS[Flow(int(k))] for k in table[:, 0]],
                "asset": [Group(int(g)).name.lower() for g in table[:, 1]],
                "from": names[table[:, 2]],
                "to": names[table[:, 3]],
                "amount": table[:, 4],
            }
        )

    def flow_matrix(self, tick: int | None, asset: str) -> "pd.DataFrame":
        """Transactions-flow matrix of one asset group [base units]: rows flow kinds, columns sectors, inflow positive.

        Every row sums to zero over sectors; the rows of a column sum to its last row, which is measured from balances
        alone. `tick=None` takes the whole run with its opening.
        """
        import pandas as pd

        names = [g.name.lower() for g in Group]
        if str(asset).lower() not in names:
            raise ScenarioError(f"flows(asset={asset!r}): no such asset group{nearest(str(asset).lower(), names)}")
        if tick is not None and (isinstance(tick, bool) or not isinstance(tick, Integral)):
            raise ScenarioError(f"flows(tick={tick!r}): give a whole number, or None for the whole run")
        group = names.index(asset.lower())
        matrix = np.zeros((len(Flow), len(self.sectors)), np.int64)
        for rows in self.flows if tick is None else self.flows[tick + 1 : tick + 2]:
            own = rows[rows[:, 1] == group]
            np.subtract.at(matrix, (own[:, 0], own[:, 2]), own[:, 4])
            np.add.at(matrix, (own[:, 0], own[:, 3]), own[:, 4])
        used = np.flatnonzero(matrix.any(axis=1))
        frame = pd.DataFrame(matrix[used], index=[WORDS[Flow(int(k))] for k in used], columns=self.sectors)
        frame.loc[CHANGE_IN_HOLDINGS] = self._change(tick, group)
        return frame

    def _change(self, tick: int | None, group: int) -> NDArray[np.int64]:
        """Change of a group's holdings from two snapshots: holdings[0] is the opening, holdings[t + 1] the end of t."""
        if not self.holdings:
            return np.zeros(len(self.sectors), np.int64)
        if tick is None:
            return self.holdings[-1][group]
        after = tick + 1
        if not 0 <= after < len(self.holdings):
            last = len(self.holdings) - 2
            known = f"the run has ticks 0 to {last}" if last >= 0 else "no tick of the run is over yet"
            raise ScenarioError(f"flows(tick={tick}): {known}; -1 is its opening")
        before = self.holdings[after - 1][group] if after > 0 else 0
        change: NDArray[np.int64] = self.holdings[after][group] - before
        return change


def balance_sheet(ledger: "Ledger", mechanisms: Iterable["Mechanism"]) -> "pd.DataFrame":
    """Balance-sheet matrix [USD]: financial rows sum to zero, real rows to their stock, net worth closes each column.

    Args:
        ledger: as it stands
        mechanisms: who know the things that are nobody's liability
    """
    import pandas as pd

    _, holdings = ledger.survey()
    real: dict[str, dict[str, float]] = {}
    for mechanism in mechanisms:
        real.update(mechanism.real_assets())
    rows: dict[str, Any] = {}
    for group in Group:
        assets = np.flatnonzero(ledger.books.group[: holdings.shape[0]] == group)
        worth = (holdings[assets] * ledger.value[assets, None]).sum(axis=0)
        if np.any(holdings[assets] != 0):
            rows[group.name.lower()] = worth
    for name, by_sector in real.items():
        rows[name] = np.array([by_sector.get(s, 0.0) for s in ledger.sectors])
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=ledger.sectors)
    frame.loc["net worth"] = -frame.sum(axis=0)
    frame["sum"] = frame.sum(axis=1)
    return frame
