"""The page of a run: panels follow the metrics that are there, its grid follows the panels, the file is a picture."""

import struct

import numpy as np
import pandas as pd
import pytest

from experiments.figures import Lines, Page, Picture, choose, draw, panels
from experiments.figures.panels import COLUMNS, MOST_PANELS
from experiments.figures.style import DPI
from experiments.outputs import agent_table
from model import Marketplace, Scenario
from model.metric import registry

TICKS = 12
RISING = np.arange(1.0, TICKS + 1)
HEADLINES = {m.name: m.meaning for m in registry().values() if m.headline}
FLOWS = ["tick", "kind", "asset", "from", "to", "amount"]


def page(market=None, **paths):
    """A page with some metrics, dots written as double underscores."""
    metrics = pd.DataFrame({name.replace("__", "."): np.broadcast_to(path, TICKS) for name, path in paths.items()})
    metrics.index = pd.RangeIndex(TICKS)
    metrics.attrs["units"] = {m.name: m.unit for m in registry().values()}
    nobody = pd.DataFrame({"kind": [], "wealth": []})
    return Page(metrics, pd.DataFrame(columns=FLOWS), nobody, Scenario.load("smoke"), 1, market)


def titles(chosen):
    return [panel.title for panel in chosen if isinstance(panel, Lines)]


def size(path):
    """Width and height of a PNG [pixels]."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def test_panels_follow_the_metrics_that_are_there():
    assert choose(page(), {}) == []
    assert titles(choose(page(bitcoin__price=RISING), {})) == ["Prices"]
    assert choose(page(bitcoin__price=np.nan), {}) == [], "never defined"
    found = titles(choose(page(bitcoin__price=RISING, nfts__appraisal=RISING, adoption__members=RISING), {}))
    assert found == ["Prices", "NFTs: appraisals", "Members"], "in the order of their subjects"


def test_idle_mechanisms_and_comparisons_with_nothing_show_nothing():
    still = page(payout__moves=0.0, payout__largest=0.25, power__index=1.0, amm__volume=RISING)
    assert titles(choose(still, {})) == []
    busy = page(payout__moves=RISING, payout__largest=RISING, amm__volume=RISING, curve__volume=RISING)
    assert titles(choose(busy, {})) == [
        "Volume by venue, so far",
        "Concentration of pools",
        "Moves between pools so far",
    ]


def test_headlines_that_no_panel_names_get_one_and_spares_fill_the_last_row():
    one = page(bitcoin__price=RISING, holders__retail_return=RISING, holders__diversification=RISING)
    assert titles(choose(one, {})) == ["Prices", "Return so far, by kind", "Vaults in a portfolio"]
    full = page(
        bitcoin__price=RISING, network__hashrate=RISING, network__hashprice=RISING, holders__retail_return=RISING
    )
    assert titles(choose(full, {})) == ["Prices", "Mining network", "Hashprice"]
    assert titles(choose(page(mine__own=RISING), {"mine.own": "My own number"})) == ["My own number"]


def test_panels_name_metrics_that_exist():
    unknown = {name for _, panel in panels() for name in panel.names} - set(registry())
    assert not unknown


def test_a_page_has_a_limit():
    many = {f"mine__number{i}": RISING for i in range(2 * MOST_PANELS)}
    chosen = choose(page(**many), {name.replace("__", "."): name for name in many})
    assert len(chosen) == MOST_PANELS


def test_rates_and_counts_add_up_over_the_run():
    scenario = Scenario.load("smoke").override({"clock.hours_per_tick": 6})
    made = page(amm__volume=RISING, curve__volume=2.0, nfts__rent=3.0)
    made.scenario = scenario
    volume = next(p for _, p in panels() if isinstance(p, Lines) and p.title == "Volume by venue, so far")
    assert volume._path(made, "curve.volume") == pytest.approx(np.arange(1, TICKS + 1) * 2.0 / 4), "quarters of a day"
    rent = next(p for _, p in panels() if isinstance(p, Lines) and p.title == "NFTs: paid so far")
    assert rent._path(made, "nfts.rent") == pytest.approx(np.arange(1, TICKS + 1) * 3.0), "dollars of each tick"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_grid_is_as_large_as_what_there_is(tmp_path, rows):
    many = {f"mine__number{i}": RISING * (-1) ** i for i in range(COLUMNS * rows)}
    chosen = page(**many)
    every = {name.replace("__", "."): name for name in many}
    assert len(choose(chosen, every)) == COLUMNS * rows
    path = tmp_path / "page.png"
    for name in every:
        registry()[name] = registry()["bitcoin.price"]._replace(name=name, meaning=name)
    try:
        draw(chosen, path)
    finally:
        for name in every:
            del registry()[name]
    width, height = size(path)
    assert width == pytest.approx(7.2 * DPI, abs=2)
    assert height == pytest.approx((1.75 * rows + 0.75) * DPI, abs=2)


def test_every_panel_can_be_drawn(tmp_path):
    """All metrics at once, half of them with gaps, on one page after another."""
    gaps = np.where(np.arange(TICKS) % 3 == 0, np.nan, RISING)
    every = page(**{name.replace(".", "__"): gaps if i % 2 else RISING for i, name in enumerate(registry())})
    lines = [panel for _, panel in panels() if isinstance(panel, Lines)]
    assert all(panel.shown(every) for panel in lines)
    from matplotlib.figure import Figure

    for panel in lines:
        panel.draw(Figure().subplots(), every)


def test_pictures_of_the_end_are_drawn_from_a_market(tmp_path):
    scenario = Scenario.load("smoke").override(
        {"clock.ticks": 5, "regulation.retail_cap": 100.0, "nfts.capacity": 20, "offerings.forms": {"art": "dutch"}}
    )
    with Marketplace(scenario, rng=1) as market:
        market.run()
        made = Page(market.metrics(), market.journal.flow_table(), agent_table(market), scenario, 1, market)
        made.moving.add("payout.moves")
        pictures = [panel for _, panel in panels() if isinstance(panel, Picture)]
        shown = [panel for panel in pictures if panel.shown(made)]
        assert len(shown) >= len(pictures) - 1, "all but offerings by form, of which one form was used"
        draw(made, tmp_path / "page.png")
    assert size(tmp_path / "page.png")[0] > 0
