"""Pages, one file each: adding one is adding a file.

A page file has `TITLE` (its name in the head), `ORDER` (its place there) and

    @solara.component
    def Page() -> Any:
        session = store.market()      # the market of this browser tab, shared with Explore; or
        session = store.use_session() # one of the page's own, closed when the student leaves it
        ...
        return tag("div", [tag("h1", ["Title"]), ...])

Its address is `/` plus the file's name. With the tab's market, read `store.frames.value` to be drawn anew with every
frame; with a session of its own the component is drawn anew by itself. `app.session` says what a session can be asked,
`app.snapshot` what a frame holds, `app.options` how a chart is made, `app.panels.figures.Figure` draws one with its
table, PNG and CSV, `app.parts` makes tags and prose, `app.widgets` are controls with names, and `app.address` turns
runs into links and checks what comes from outside; `app.server.results_folder` and `inside` guard files.
"""
