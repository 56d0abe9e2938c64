"""NIFTEX curves, one per vault: quotes on virtual balances, with providers of coins and of fractions apart."""

from model.mechanisms.curve.formulas import (
    curve_cost,
    curve_gross,
    curve_proceeds,
    curve_purchase,
    curve_start,
    lender_owns,
    lent_shares,
    most_bought,
    most_sold,
)
from model.mechanisms.curve.mechanism import Curve
from model.mechanisms.curve.public import AddCurve, CurveParams, CurveSwap, CurveView, RemoveCurve

__all__ = [
    "AddCurve",
    "Curve",
    "CurveParams",
    "CurveSwap",
    "CurveView",
    "RemoveCurve",
    "curve_cost",
    "curve_gross",
    "curve_proceeds",
    "curve_purchase",
    "curve_start",
    "lender_owns",
    "lent_shares",
    "most_bought",
    "most_sold",
]
