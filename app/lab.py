"""The market as Mesa's own pages want a model: parameters as named scalars in the signature, and one `step`.

`SolaraViz` builds a model anew as `type(model)(**parameters)` and accepts only parameters that the signature names, so
there is one small class per scenario, whose signature is made from the sliders that Explore has for it.
"""

import hashlib
import inspect
import threading
from functools import cache
from typing import Any

from app.address import LARGEST_SEED, Setup, load
from app.frame import Frame
from app.run import TURNS, median_nav
from app.sliders import Slider, sliders
from app.snapshot import snapshot
from model.errors import ScenarioError
from model.marketplace import Marketplace
from model.scenario import Scenario

SEED = "seed"
NEAR = 0.51  # of a step: sliders of Mesa's page round a default to their grid, where it still stands for the default


def seed_of(text: Any) -> int:
    """A seed from what a field holds: 42 and "42" are the same, and any other word is some number.

    >>> seed_of("42"), seed_of(42), seed_of(" 7 "), seed_of("luck") == seed_of("luck")
    (42, 42, 7, True)
    """
    words = str(text).strip()
    if words.isascii() and words.isdigit() and int(words) <= LARGEST_SEED:
        return int(words)
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=6).digest(), "big")


def name_of(slider: Slider) -> str:
    """A parameter's name in a signature.

    >>> from app.address import Setup, load
    >>> name_of(sliders(load("smoke"), Setup("smoke"))[-1])
    'agents'
    """
    return slider.path.replace(".", "__")


class Unseen(Scenario):
    """A scenario that counts as none where it is asked for its truth: from 3.5 on Mesa's page wants one of Mesa's there."""

    def __bool__(self) -> bool:
        return False


class Lab(Marketplace):
    """A market that tells its frame, stops at the end of its run, and can be closed while somebody steps it.

    Attributes:
        complaint: why it was built without the parameters that were asked for; empty if it has them
        nav: median net asset value of a fraction, tick by tick
    """

    outlive = (*Marketplace.outlive, "turn", "closed", "complaint", "nav", "_frame", "_seen")

    def __init__(self, setup: Setup) -> None:
        self.turn, self.closed, self.complaint = threading.RLock(), False, ""
        self.nav: list[float] = []
        self._frame = Frame({})
        self._seen = -2
        try:
            scenario = setup.build()
        except ScenarioError as error:
            self.complaint = f"{error}; here is the market without these parameters"
            scenario = Setup(setup.scenario, setup.seed).build()
        with TURNS:
            super().__init__(Unseen(**vars(scenario)), rng=setup.seed)

    def step(self) -> None:
        """One tick, unless the run has ended or the page is gone."""
        with self.turn:
            if self.closed:
                return
            if self.clock.tick + 1 < self.clock.ticks:
                with TURNS:
                    super().step()
                    self.nav.append(median_nav(self))
            if self.clock.tick + 1 >= self.clock.ticks:
                self.running = False

    def frame(self) -> Frame:
        """The market now, as plain data; looked at once per tick."""
        with self.turn:
            if not self.closed and self._seen != self.clock.tick:
                seen = {**snapshot(self, {"nav": self.nav}), "network": None, "account": None}
                self._seen, self._frame = self.clock.tick, Frame(seen)
            return self._frame

    def close(self) -> None:
        """Give all memory back."""
        with self.turn:
            if not self.closed:
                self.closed = True
                super().close()


@cache
def lab(name: str) -> type[Lab]:
    """The class of a scenario, with a signature of its own."""
    found = sliders(load(name), Setup(name))
    by_name = {name_of(slider): slider for slider in found}

    def build(self: Lab, **given: Any) -> None:
        settings = tuple(
            (slider.path, slider.own(float(given[key])))
            for key, slider in by_name.items()
            if key in given and abs(float(given[key]) - slider.default) >= NEAR * slider.step
        )
        Lab.__init__(self, Setup(name, seed_of(given.get(SEED, load(name).clock.seed)), 0, settings))

    kind = inspect.Parameter.KEYWORD_ONLY
    parts = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parts.append(inspect.Parameter(SEED, kind, default=load(name).clock.seed))
    parts += [inspect.Parameter(key, kind, default=slider.default) for key, slider in by_name.items()]
    build.__signature__ = inspect.Signature(parts)  # type: ignore[attr-defined]
    return type(f"Lab_{name}", (Lab,), {"__init__": build, "__doc__": f"The market of the scenario {name}."})


def made(name: str, **given: Any) -> Lab:
    """A market of a scenario with some parameters."""
    kind: Any = lab(name)
    found: Lab = kind(**given)
    return found


def model_params(name: str, seed: int) -> dict[str, Any]:
    """Inputs of a scenario as `SolaraViz` takes them."""
    found: dict[str, Any] = {SEED: {"type": "InputText", "value": str(seed), "label": "Seed: equal seeds, equal luck"}}
    for slider in sliders(load(name), Setup(name)):
        whole = all(float(x).is_integer() for x in (slider.low, slider.high, slider.step, slider.default))
        number = int if whole else float
        found[name_of(slider)] = {
            "type": "SliderInt" if whole else "SliderFloat",
            "value": number(slider.default),
            "label": f"{slider.label}{f' [{slider.unit}]' if slider.unit else ''}",
            "min": number(slider.low),
            "max": number(slider.high),
            "step": number(slider.step),
        }
    return found
