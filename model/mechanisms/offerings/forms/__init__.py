"""Forms of offering, one file each; a new file in this folder is a new form."""

from functools import cache

from model.mechanisms.offerings.form import Form
from model.scan import classes


@cache
def forms() -> dict[str, type[Form]]:
    """Every form found in this folder, by name."""
    return classes(__name__, Form)


def choices() -> list[str]:
    """Forms that a scenario may choose for what is brought to sale."""
    return [name for name, form in forms().items() if form.chosen]
