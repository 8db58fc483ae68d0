"""WHAT is refused."""
