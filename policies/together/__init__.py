"""All packs in one: a folder the engine runs."""
