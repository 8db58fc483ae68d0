"""The tagging pack: a folder the engine runs."""
