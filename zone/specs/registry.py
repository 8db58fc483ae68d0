"""A team's models: names, or names with where else each may be deployed."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from zone.specs.spec import Spec
from zone.specs.values import Key, Text, Unique


class Registry(StrEnum):
    """Where it is decided that a version of a model is good: the other side only follows."""

    SAGEMAKER = "sagemaker"
    MLFLOW = "mlflow"


class Model(Spec):
    """A model the team owns: a model package group and an image repository."""

    # As Spec's, which account.py has, and that has this.
    promote_to: Unique[Text] = ()
    """Environments in which the same team may deploy what is approved here. Each comes later in the organisation's
    `promotion`, is in the same region, and has the same team with a model of the same name."""


_WORDS: Final = "a list of names, each once, or names with what each says, such as card-fraud: {promote_to: [prod]}"


def _by_name(given: object) -> object:
    """Make a mapping of a list of names: most models say nothing more."""
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        if len({*given}) < len(given):
            raise ValueError("a name twice")
        return {name: {} for name in given}
    if isinstance(given, dict):
        return {name: _frozen(said) for name, said in given.items()}
    return given


def _frozen(said: object) -> object:
    """Make tuples of a model's lists: once a validator has had a value, pydantic takes a list for no tuple."""
    if not isinstance(said, dict):
        return said
    return {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}


Models = Annotated[
    dict[Key, Model],
    BeforeValidator(_by_name, json_schema_input_type=dict[Key, Model] | Unique[Key]),
    Field(json_schema_extra={"patternErrorMessage": _WORDS}),
]
"""Models by name."""
