"""A price that rises with what is sold, p = p0 + m sold [linear bonding curve, de la Rouviere 2017].

Every subscriber pays the area under his part of the line, so the early pay less. What is sold by the deadline is
delivered; the creator keeps the rest.
"""

from model.mechanisms.offerings import formulas
from model.mechanisms.offerings.form import Form
from model.units import TOKEN


class BondingCurve(Form):
    """The price rises along a line with what is sold; the creator keeps what is not."""

    name = "bonding_curve"
    keeps = True

    def highest(self, price: int) -> int:
        """The price of the last fraction."""
        return price + self.rise(price)

    def rise(self, price: int) -> int:
        """From the first fraction to the last."""
        return round(price * self.house.params.bonding_rise)

    def quote(self, v: int) -> None:
        """The next whole fraction is bought at this limit."""
        self.house.show(v, self._price_after(v, TOKEN))

    def last_price(self, v: int) -> int:
        """Where the line stands."""
        return self._price_after(v, 0)

    def _price_after(self, v: int, more: int) -> int:
        s = self.house.sales
        offered = int(s.offered[v])
        sold = min(offered, offered - int(s.left[v]) + more)
        return formulas.bonding_price(sold, int(s.price[v]), int(s.rise[v]), offered)

    def owes(self, v: int, sold: int, paid: int) -> bool:
        """The area under the line up to what is sold, and less than a unit more for each subscription."""
        o = self.house
        area = formulas.bonding_cost(sold, 0, int(o.sales.price[v]), int(o.sales.rise[v]), int(o.sales.offered[v]))
        return area <= paid <= area + o.slips.number(v)
