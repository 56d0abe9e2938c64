"""Stress: shocks from files composed, scaled and shifted; how likely insolvency is, how bad the tail, who loses."""
