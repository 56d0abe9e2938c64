"""`describe`: a scenario in words and numbers."""

import json

from experiments.options import Json, Name, Plugins, ready

PLACE = 30


def describe(scenario: Name, plugins: Plugins = None, as_json: Json = False) -> None:
    """Say what a scenario asks, where it comes from, and every parameter with unit, range and source."""
    packages = ready(plugins=plugins)
    from experiments import console
    from experiments.describe import scenario_page

    page = scenario_page(scenario, packages)
    if as_json:
        print(json.dumps(page, indent=1))
    else:
        console.show_page(page)
