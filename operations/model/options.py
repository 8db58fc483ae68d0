"""Words of a command line that are a step's own."""

from collections.abc import Sequence

from operations.model.errors import ModelError
from operations.model.spec import ModelSpec
from zone.specs.problems import few, meant


def options(spec: ModelSpec, given: Sequence[str]) -> tuple[str, ...]:
    """Return *given* as the first step's command takes it, each option with its value.

    Raises:
        ModelError: an option that the model does not have, or one without a value.
    """
    words = [part for word in given for part in (word.split("=", 1) if word.startswith("--") else [word])]
    for name, value in zip(words[::2], [*words[1::2], None], strict=False):
        plain = name.removeprefix("--")
        if not name.startswith("--") or plain not in spec.options:
            known = few([f"--{each}" for each in spec.options]) if spec.options else "none"
            hint = meant(plain, spec.options)
            raise ModelError(f"no option {name}{hint}; of {spec.model}'s own there are {known} (options in model.yaml)")
        if value is None or value.startswith("--"):
            raise ModelError(f"{name} needs a value: {name} VALUE")
    return tuple(words)
