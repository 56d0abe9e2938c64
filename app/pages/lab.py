"""Lab: the page that Mesa's users expect, `SolaraViz`, on the same market and the same charts."""

from typing import Any
from urllib.parse import urlencode

import solara
from mesa.visualization import SolaraViz, make_plot_component

from app import address, store
from app.lab import Lab, made, model_params
from app.options import Chart, charts
from app.panels.bench import Bench, Numbers, drawing
from app.panels.controls import names
from app.parts import coded, tag
from app.widgets import Select

TITLE, ORDER = "Lab", 6
PATH = "lab"
WORDS = (
    "Mesa's own page, SolaraViz, on the same market. Parameters and seed act at Reset; charts can be moved and resized. "
    "app/lab.py shows how to wrap the market, app/pages/lab.py how to draw it."
)
PLAIN = (
    "bitcoin.price",
    "amm.price_median",
    "nfts.index",
    "network.hashprice",
)  # the first that is recorded is plotted
INTERVAL = 200  # ms between steps while it plays


@solara.component
def Page() -> Any:
    """The whole page."""
    router = solara.use_router()
    setup, notes = solara.use_memo(lambda: address.decode(router.search), [router.search])
    chosen, set_chosen = solara.use_state("")
    name = chosen or setup.scenario
    seed = setup.seed if name == setup.scenario else address.load(name).clock.seed
    store.use_address(PATH, urlencode({"scenario": name, "seed": seed}))
    head = [tag("h1", [TITLE]), tag("p", [WORDS], "rs-question")]
    head += [tag("p", coded(text), "rs-note", role="alert") for text in notes]
    choose = tag("div", [Select("Scenario", name, names(), set_chosen)], "rs-tools")
    return tag("div", [*head, choose, Market(name, seed).key(f"{name} {seed}")])


def fitting(market: Lab) -> list[Chart]:
    """Charts of Explore that belong to a market, though nothing may have happened in it yet."""
    frame, known = market.frame(), {metric.name for metric in market.recorder.metrics}
    return [
        chart
        for chart in charts()
        if (chart.module.applies(frame) if hasattr(chart.module, "applies") else known & set(chart.metrics))
    ]


@solara.component
def Market(name: str, seed: int) -> Any:
    """Mesa's page of one scenario, with a market of its own."""
    first = solara.use_memo(lambda: made(name, seed=seed), [])
    model = solara.use_reactive(first)
    solara.use_effect(lambda: model.value.close, [model.value])
    shown = solara.use_memo(lambda: [(drawing(chart), 0) for chart in fitting(first)], [])
    known = {metric.name for metric in first.recorder.metrics}
    plain = [metric for metric in PLAIN if metric in known][:1]
    plots = solara.use_memo(lambda: [make_plot_component({metric: "tab:blue"}, page=1) for metric in plain], [])
    inputs = solara.use_memo(lambda: model_params(name, seed), [])
    with Bench() as main:
        Numbers(model.value)
        SolaraViz(
            model,
            components=[*shown, *plots],
            model_params=inputs,
            name=name.replace("_", " "),
            play_interval=INTERVAL,
        )
    return main
