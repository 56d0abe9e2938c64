"""Which form of offering sells to buyers who seldom look, and which to those who look often."""

from typing import TYPE_CHECKING

from experiments.answers.effects import between, contrast, levels
from experiments.answers.words import amount, average, is_clear, listed, moved

if TYPE_CHECKING:
    import pandas as pd

FORM, ATTENTION = "param.offerings.forms.art", "param.agents.retail_investor.attention"
SOLD, FAILED, RAISED = "offerings.succeeded", "offerings.failed", "offerings.raised"
NEEDS = (FORM, ATTENTION, SOLD, FAILED, RAISED)


def answer(table: "pd.DataFrame") -> str:
    """Money raised by the best form at both ends of attention, share of offerings that succeed, effect of attention."""
    ended = table[SOLD] + table[FAILED]
    told = table.assign(share=(table[SOLD] / ended).where(ended > 0))
    attentions, forms = levels(told, ATTENTION), levels(told, FORM)
    said = []
    for attention in (attentions[0], attentions[-1]):
        rows = told[told[ATTENTION] == attention]
        by_form = {form: rows[rows[FORM] == form] for form in forms}
        order = sorted(forms, key=lambda form: -by_form[form][RAISED].mean())
        ties = [form for form in order[1:] if not is_clear(between(by_form[form], by_form[order[0]], RAISED).interval)]
        text = (
            f"where buyers look on {amount(attention, '%')} of days, {plain(order[0])} raises most, "
            f"{average(by_form[order[0]][RAISED], f'{order[0]} {attention}', 'USD')}"
        )
        text += f", not to be told from {listed([plain(t) for t in ties])}" if ties else ", clearly more than any other"
        text += (
            f"; least raises {plain(order[-1])} with "
            f"{average(by_form[order[-1]][RAISED], f'{order[-1]} {attention}', 'USD')}"
        )
        said.append(text)
    shares = [
        f"{plain(form)} {average(told[(told[FORM] == form) & (told[ATTENTION] == attentions[0])]['share'], form, '%')}"
        for form in forms
    ]
    ends = contrast(told, ATTENTION, RAISED, attentions[0], attentions[-1])
    first = said[0][0].upper() + said[0][1:]
    return (
        f"{first}; {said[1]}. Of offerings that ended, these succeeded among the sleepiest buyers: {'; '.join(shares)}. "
        f"Over all forms, from {amount(attentions[0], '%')} to {amount(attentions[-1], '%')} of days money raised {moved(ends, 'USD')}."
    )


def plain(form: str) -> str:
    """A form in words.

    >>> plain("fixed_price_keep")
    'fixed price keep'
    """
    return str(form).replace("_", " ")
