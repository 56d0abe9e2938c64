"""Equal editions of one thing, sold whole at one price [ERC-1155: Radomski et al. 2018].

What is not sold by the deadline stays with the creator, and no pool is opened unless the scenario asks for it.
"""

from model.mechanisms.offerings.form import Form


class Editions(Form):
    """N equal editions in place of many fractions; whole ones only."""

    name = "editions"
    keeps = True

    @property
    def seed_bps(self) -> int:
        """Only where asked for."""
        return self.house.params.seed_bps if self.house.params.seed_editions else 0

    @property
    def grant_bps(self) -> int:
        """Where there are pools."""
        return self.house.params.grant_bps if self.house.params.seed_editions else 0

    def supply(self) -> int:
        """The number of editions."""
        return self.house.params.editions
