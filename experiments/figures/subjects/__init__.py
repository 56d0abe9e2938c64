"""Panels by subject; a file here needs `PLACE`, its order on the page, and `PANELS`."""
