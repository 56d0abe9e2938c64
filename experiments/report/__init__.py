"""Reports: one HTML file of a study that opens offline, and its figures for print.

`kinds` says what sort of folder it is and which sections its report has; `sections` make them; `page` puts them together;
`charts` draw; `html` escapes. Failures come first.
"""
