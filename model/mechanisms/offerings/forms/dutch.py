"""Descending price, all or nothing, one clearing price for all.

The price falls from a multiple of the creator's reserve to the reserve. Who subscribes pays the price of the moment;
when all is sold, the last price is everybody's and the rest is paid back, so that nobody gains by waiting for the
others. Such are the settled descending auctions of generative art [Art Blocks, MinterDAExpSettlement, 2022] and the
uniform-price sales of shares [Google, 2004].
"""

from model.mechanisms.offerings import formulas
from model.mechanisms.offerings.form import Form


class Dutch(Form):
    """The price falls until all is sold, and all pay the last price."""

    name = "dutch"
    uniform = True

    def highest(self, price: int) -> int:
        """The first price."""
        return round(price * self.house.params.dutch_start)

    def quote(self, v: int) -> None:
        """A day's step down the line; the first morning of the sale has the first price, the last the reserve at the latest."""
        o, clock = self.house, self.house.clock
        reserve = int(o.reserve[v])
        elapsed, last = clock.tick - int(o.opened[v]), int(o.deadline[v] - o.opened[v]) - 1
        span = max(1, min(clock.ticks_of(o.params.dutch_days), last))
        o.sales.price[v] = formulas.dutch_price(self.highest(reserve), reserve, elapsed, span)
        o.show(v, int(o.sales.price[v]))

    def owes(self, v: int, sold: int, paid: int) -> bool:
        """Nobody paid more than the first price or less than today's."""
        now, first = int(self.house.sales.price[v]), self.highest(int(self.house.reserve[v]))
        return formulas.cost_of(sold, now) <= paid <= formulas.cost_of(sold, first)
