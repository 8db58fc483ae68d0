"""The examples, copied, to change one field in."""

from tests.zone.conftest import folder

__all__ = ["folder"]
