"""The security pack: a folder the engine runs."""
