"""The mlz command: one file a verb, no logic."""
