"""Investors who borrow: leverage seekers pledge fractions, borrow against them and buy more."""

from agents.leverage.seekers import LeverageSeeker

__all__ = ["LeverageSeeker"]
