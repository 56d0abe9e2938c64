"""What belongs to one student, on whatever page he is: his market, stress tests, colours, and wishes to the browser window.

Values of module-level reactives are kept per browser tab by Solara; here they are immutable, but for the session
and the tests, which are made for the tab and closed with it.
"""

from collections.abc import Callable
from typing import Any

import solara
from solara.server import kernel_context

from app.address import encode
from app.session import Session
from app.stress.testing import Testing

dark: Any = solara.reactive(False)
linked: Any = solara.reactive("/")  # page whose address says what the tab's market does
own: Any = solara.reactive(("", None))  # the page shown, if it has an address of its own, and the query part of it
copied: Any = solara.reactive(("", 0))  # path and query to be copied, and how often something was
saved: Any = solara.reactive(("", 0))  # text to be saved, and how often something was
filename: Any = solara.reactive("")
_market: Any = solara.reactive(None)
frames: Any = solara.reactive(0)  # counts what the tab's market told
_testing: Any = solara.reactive(None)
tested: Any = solara.reactive(0)  # counts what the tab's stress tests told


def copy(text: str) -> None:
    """Copy a path with its query, as a whole link, to the clipboard."""
    copied.value = (text, copied.peek()[1] + 1)


def save(text: str, name: str) -> None:
    """Let the browser save a text as a file."""
    filename.value = name
    saved.value = (text, saved.peek()[1] + 1)


def market() -> Session:
    """The market of this browser tab, which outlives a change of page and ends with the tab."""
    return _of_tab(_market, lambda: Session(told=lambda: frames.set(frames.peek() + 1)))


def testing() -> Testing:
    """The stress tests of this browser tab, which outlive a change of page and end with the tab."""
    return _of_tab(_testing, lambda: Testing(told=lambda: tested.set(tested.peek() + 1)))


def _of_tab(place: Any, make: Callable[[], Any]) -> Any:
    """What stands in a reactive, made when it is first asked for and closed with the tab."""
    found = place.peek()
    if found is None:
        found = make()
        place.set(found)
        if kernel_context.has_current_context():
            kernel_context.get_current_context().on_close(found.close)
    return found


def query() -> str | None:
    """Query part of the address that leads back to the tab's market; none while it is not there yet.

    A component that calls this is drawn anew with every frame.
    """
    _, session = frames.value, _market.peek()
    if session is None or session.state.frame is None or session.state.busy:
        return None
    return encode(session.state.setups[0])


def use_address(page: str, query: str | None) -> None:
    """Give a page its address as long as it is shown; for use inside a component.

    Args:
        page: part of the path that is the page's
        query: query part, empty for the plain path; none leaves the address as it is
    """

    def leave() -> None:
        if own.peek()[0] == page:
            own.value = ("", None)

    solara.use_effect(lambda: own.set((page, query)), [query])
    solara.use_effect(lambda: leave, [])


def use_session() -> Session:
    """A market for one page alone, closed when the student leaves the page; for use inside a component.

    The component draws itself anew whenever the market has something new.
    """
    told, set_told = solara.use_state(0)
    session = solara.use_memo(Session, [])
    counter = solara.use_ref(told)

    def tell() -> None:
        counter.current += 1
        set_told(counter.current)

    session.told = tell
    solara.use_effect(lambda: session.close, [])
    return session
