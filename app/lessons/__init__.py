"""Lessons: one Markdown file each under `scenarios/lessons`, read, run, judged and filled in; no Solara here.

`read` turns a file into a `Lesson` or says what is wrong with it and on which line; `facts` are the figures of its runs,
`calculate` works out what a lesson asks of them; `judge` says what came out and which answers are right; `text` fills a
lesson's sentences with the run's own numbers; `chart` draws the run with the guess. `check` does all of it for a teacher.
"""
