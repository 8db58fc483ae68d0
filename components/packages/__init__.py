"""Packages that an environment's teams install without the internet."""
