"""The window: a laboratory in the browser, built on the same model, metrics and experiments as the command line."""
