"""Stress: shocks from files composed, scaled and shifted; how likely insolvency is, how bad the tail, who loses."""

LEAST = 0.01  # USD of bad debt left from which on the protocol counts as insolvent: above a cent it is no dust
