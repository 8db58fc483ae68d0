"""What this program needs of the SDK that `pulumi package add` generates.

Here so that the example runs where no SDK can be generated. The real one has every component, with typed inputs, under
the same names: with it, this folder goes and nothing else changes.
"""

from typing import Any

import pulumi


class _Component(pulumi.ComponentResource):
    """A component that the engine has the package make; inputs are the schema's, in Python's spelling."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:  # noqa: ANN401 - as the schema says
        outputs = dict.fromkeys(type(self).__annotations__)
        given = {_camel_case(key): value for key, value in inputs.items()}
        super().__init__(f"mlz:index:{type(self).__name__}", name, {**outputs, **given}, opts, remote=True)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


class Bucket(_Component):
    """A private, versioned, encrypted bucket."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]


class Keys(_Component):
    """KMS keys by purpose."""

    arns: pulumi.Output[dict[str, str]]
