"""The second shotgun of NIFTEX: a deposit for all other fractions, while anyone may buy the proposer's piece by piece.

Deposit = (supply - own) x price. Whoever thinks that worth more buys of the proposer's locked fractions at his price. If
all are sold he gets the whole deposit and what they paid; otherwise the vault is his after the deadline, and every other
fraction claims the price. Transfers go on.                                                           [NIFTEX v2, 2021]
"""

from model.mechanisms.buyouts.design import REFUSED, Answer, Piecewise
from model.mechanisms.buyouts.table import Phase
from model.units import BPS


class NiftexV2(Piecewise):
    """Shotgun with a least stake, 5 days, purchase of locked fractions piece by piece."""

    name = "niftex_v2"

    @property
    def window(self) -> float:
        """Days to counter."""
        return float(self.house.params.timed_days)

    def least_stake(self, v: int) -> int:
        """A hundredth of the supply, rounded up."""
        return max(1, -(-int(self.house.vaults.supply[v]) * self.house.params.stake_bps // BPS))

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Lock a stake and deposit the price of all others."""
        if fractions < self.least_stake(v):
            return REFUSED
        answer = self.start(v, account, fractions, usd, Phase.COUNTER)
        if self.house.is_open(v):
            self.house.set_deadline(v, self.window)
        return answer

    def counter(self, v: int, account: int, usd: int) -> Answer:
        """Buy locked fractions."""
        return self.buy_piece(v, account, usd)

    def settle(self, v: int, late: bool) -> None:
        """Blocked once nothing is locked; won at the deadline."""
        h = self.house
        if h.locked(v) == 0:
            h.lose(v, f"all of his fractions were bought; {h.cash(v) / h.unit:,.2f} USD are his", blocked=True)
        elif late:
            h.win(v, int(h.table.opener[v]), cash=h.cash(v), retired=h.locked(v))
