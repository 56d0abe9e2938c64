"""What an address of ours without a page shows: a sentence and the way to all pages."""

from typing import Any

from app.parts import escaped

STYLE = (
    "body{font-family:Roboto,sans-serif;margin:32px;line-height:1.5;overflow-wrap:anywhere}"
    "a{margin-right:16px;display:inline-block}:root{color-scheme:light dark}"
)


def page(asked: str) -> str:
    """The whole page as HTML.

    Args:
        asked: the address that has no page
    """
    from app.main import NAME, address, routes

    links = " ".join(f'<a href="{escaped(address(route))}">{escaped(route.label)}</a>' for route in routes)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not found · {NAME}</title>'
        f"<style>{STYLE}</style></head><body><h1>{NAME}</h1>"
        f"<p>There is no page at {escaped(asked[:80])}. These are all pages:</p><nav>{links}</nav></body></html>"
    )


def answer(request: Any, error: Any) -> Any:
    """The page for whoever wants one; files and data that are not there are told as before."""
    from starlette.responses import HTMLResponse, PlainTextResponse

    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(page(request.url.path), status_code=error.status_code)
    return PlainTextResponse(str(error.detail), status_code=error.status_code)
