"""Trains Pocket, the built-in text-and-audio model: `python -m pocket --help`."""
