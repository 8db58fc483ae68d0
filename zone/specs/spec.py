"""The base of all that is written in YAML."""

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Base of all specs: frozen, unknown keys refused, attribute docstrings become the schema's descriptions."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
