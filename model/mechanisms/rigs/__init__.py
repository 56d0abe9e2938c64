"""Rigs: hardware that mines, its market, and the rules by which miners invest in it."""
