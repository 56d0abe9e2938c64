"""Two families of trouble, by who must act: the user, or we.

A transaction that is refused is neither but an outcome, see `model.actions.Status`.
"""

import difflib
from collections.abc import Iterable


class ScenarioError(ValueError):
    """The user acts: a file, key or value cannot be used. The message says which, why, and what to do."""

    def of(self, name: str) -> "ScenarioError":
        """The same, naming the scenario if the message does not yet begin with it.

        >>> print(ScenarioError("rigs.term = 0: at least 1").of("mine"))
        mine: rigs.term = 0: at least 1
        """
        return self if str(self).startswith(f"{name}:") else ScenarioError(f"{name}: {self}")


class InvariantViolated(RuntimeError):
    """We act: a law of the market was broken. The message names tick, asset or mechanism, accounts and seed."""


def _short(name: str) -> str:
    """First letters of the words of a parameter's name, by which people know many of them."""
    *table, last = name.split(".")
    return ".".join([*table, "".join(word[:1] for word in last.split("_"))])


def nearest(word: str, known: Iterable[str]) -> str:
    """Closing words of a message about an unknown name.

    >>> nearest("fee_bsp", ["fee_bps", "window"])
    ", did you mean 'fee_bps'?"
    >>> nearest("ltv", ["threshold", "loan_to_value"])
    ", did you mean 'loan_to_value'?"
    """
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6) or [n for n in names if _short(n) == word]
    if close:
        return f", did you mean '{close[0]}'?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"; known: {shown}" if names else ""
