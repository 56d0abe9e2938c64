"""Moments of a run: expressions over recorded metrics, such as `sd(log_change(bitcoin.price))`."""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError, nearest

Array = NDArray[np.float64]


def autocorrelation(x: Array, lag: float) -> float:
    """Correlation of a series with itself `lag` ticks before.

    >>> round(autocorrelation(np.array([1.0, -1.0, 1.0, -1.0]), 1), 2)
    -0.75
    """
    centred, k = x - x.mean(), int(lag)
    whole = float(centred @ centred)
    return float(centred[k:] @ centred[:-k]) / whole if whole > 0.0 and 0 < k < x.size else math.nan


def standardised_moment(x: Array, power: int) -> float:
    """Mean of ((x - mean) / sd)^power; NaN for a constant series."""
    scale = float(x.std())
    return float(np.mean(((x - x.mean()) / scale) ** power)) if scale > 0.0 else math.nan


def _quantile(x: Array, share: float) -> float:
    return float(np.quantile(x, share))


REDUCERS: dict[str, tuple[int, Callable[..., float]]] = {  # name -> numbers it takes beside the series, and the rule
    "mean": (0, lambda x: float(x.mean())),
    "sd": (0, lambda x: float(x.std(ddof=1)) if x.size > 1 else math.nan),
    "first": (0, lambda x: float(x[0])),
    "last": (0, lambda x: float(x[-1])),
    "min": (0, lambda x: float(x.min())),
    "max": (0, lambda x: float(x.max())),
    "sum": (0, lambda x: math.fsum(x)),
    "median": (0, lambda x: float(np.median(x))),
    "skewness": (0, lambda x: standardised_moment(x, 3)),
    "excess_kurtosis": (0, lambda x: standardised_moment(x, 4) - 3.0),
    "growth": (0, lambda x: math.log(x[-1] / x[0]) if x[0] > 0.0 < x[-1] else math.nan),
    "autocorrelation": (1, autocorrelation),
    "quantile": (1, _quantile),
}
NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {  # what the number beside the series may be
    "autocorrelation": (lambda lag: lag >= 1 and float(lag).is_integer(), "a whole number of ticks above 0"),
    "quantile": (lambda share: 0.0 <= share <= 1.0, "a share, allowed 0 to 1"),
}
TRANSFORMS: dict[str, Callable[[Array], Array]] = {
    "log": np.log,
    "abs": np.abs,
    "square": np.square,
    "change": np.diff,
    "log_change": lambda x: np.diff(np.log(x)),
}


class Moment(NamedTuple):
    """A number of a run.

    Attributes:
        text: as written
        metrics: whose time series it needs; empty for a plain metric, which is its own summary number
        tree: the parsed expression
    """

    text: str
    metrics: tuple[str, ...]
    tree: ast.expr

    def of(self, summary: Mapping[str, Any], series: Mapping[str, Any]) -> float:
        """The number of one run; undefined ticks are left out, and NaN says that nothing is defined.

        >>> price = np.array([1.0, 2.0, 4.0])
        >>> round(moment("mean(log_change(a.b))", ["a.b"]).of({}, {"a.b": price}), 4)
        0.6931
        """
        if not self.metrics:
            return float(summary[self.text])
        with np.errstate(all="ignore"):
            return float(_value(self.tree, series))


def moment(text: str, known: Any) -> Moment:
    """Read an expression: a metric's name, or a rule of a series, which is a metric or a transformed series.

    Args:
        text: such as `growth(bitcoin.price)` or `autocorrelation(abs(log_change(bitcoin.price)), 1)`
        known: names of metrics that the scenario records

    Raises:
        ScenarioError: a metric or rule is not known, or the expression is no number
    """
    rules = f"rules: {', '.join(REDUCERS)}; of a metric or of {', '.join(TRANSFORMS)} of one"
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise ScenarioError(f"moment = {text!r}: is no expression; write RULE(METRIC); {rules}") from None
    if not isinstance(tree, ast.Call):
        name = ast.unparse(tree)
        if name not in known:
            raise ScenarioError(f"moment = {text!r}: no such metric{nearest(name, known)}")
        return Moment(name, (), tree)
    name = ast.unparse(tree.func)
    if name in TRANSFORMS:
        raise ScenarioError(f"moment = {text!r}: is a series, not a number; write mean({text}) or another rule")
    if name not in REDUCERS:
        raise ScenarioError(f"moment = {text!r}: no such rule{nearest(name, REDUCERS)}")
    numbers = REDUCERS[name][0]
    if len(tree.args) != 1 + numbers or tree.keywords:
        wants = "a series" + (" and a number" if numbers else "")
        raise ScenarioError(f"moment = {text!r}: {name} takes {wants}")
    for extra in tree.args[1:]:
        allowed, meaning = NUMBERS[name]
        number = _number(extra)
        if number is None or not allowed(number):
            raise ScenarioError(f"moment = {text!r}: {ast.unparse(extra)}: {name} takes {meaning}")
    found: list[str] = []
    _check_series(tree.args[0], text, known, found)
    return Moment(text, tuple(found), tree)


def _number(node: ast.expr) -> float | None:
    """The number that an expression is; None for anything else, true and false included."""
    plain = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return node.value if plain else None  # type: ignore[attr-defined,no-any-return]


def _check_series(node: ast.expr, text: str, known: Any, found: list[str]) -> None:
    """Make sure that a series is a metric or a transformed series; its metrics are added to `found`."""
    name = ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node)
    if isinstance(node, ast.Call):
        if name not in TRANSFORMS or len(node.args) != 1 or node.keywords:
            raise ScenarioError(f"moment = {text!r}: {name}: no such transformation of a series"
                                f"{nearest(name, TRANSFORMS)}")  # fmt: skip
        _check_series(node.args[0], text, known, found)
    elif name not in known:
        raise ScenarioError(f"moment = {text!r}: no such metric{nearest(name, known)}")
    else:
        found.append(name)


def _series(node: ast.expr, series: Mapping[str, Any]) -> Array:
    if isinstance(node, ast.Call):
        return np.asarray(TRANSFORMS[ast.unparse(node.func)](_series(node.args[0], series)), np.float64)
    found = np.asarray(series[ast.unparse(node)], np.float64)
    return found[np.isfinite(found)]


def _value(node: ast.expr, series: Mapping[str, Any]) -> float:
    assert isinstance(node, ast.Call)
    x = _series(node.args[0], series)
    x = x[np.isfinite(x)]
    extra = [arg.value for arg in node.args[1:] if isinstance(arg, ast.Constant)]
    return REDUCERS[ast.unparse(node.func)][1](x, *extra) if x.size else math.nan
