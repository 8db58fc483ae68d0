"""The plugin that the engine asks for a component of ours: the package's schema, and each component's making."""

import inspect
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi.provider
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.component import ComponentProvider

from components.access.boundary import Boundary
from components.access.identity import Identity
from components.encryption.keys import Keys
from components.ml.features import Features
from components.ml.mlflow import Mlflow
from components.ml.models import Models
from components.ml.studio import Studio
from components.network.network import Network
from components.package.inputs import read_inputs
from components.storage.bucket import Bucket

NAME: Final = "mlz"
DESCRIPTION: Final = "What an ML landing zone on AWS is made of: private, encrypted, least privilege."
COMPONENTS: Final[tuple[type[pulumi.ComponentResource], ...]] = (
    Boundary,
    Bucket,
    Features,
    Identity,
    Keys,
    Mlflow,
    Models,
    Network,
    Studio,
)
"""What other programs can make. Not among them: what only makes sense in our stacks, as the organisation does."""

_PROJECT: Final = Path(__file__).parents[2] / "pyproject.toml"


class Package(ComponentProvider):
    """Serves COMPONENTS. They stay ordinary components: only here it is known that they are used from afar."""

    def __init__(self) -> None:
        super().__init__(list(COMPONENTS), NAME, version=_version())
        # Every language's SDK adds `Args` to the name of an input type itself.
        said = re.sub(rf"({NAME}:index:\w+)Args\b", r"\1", self.schema or "{}")
        self.schema = json.dumps(_tidy(json.loads(said)) | {"description": DESCRIPTION})

    def construct(
        self, name: str, resource_type: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """Make a component of another program.

        Raises:
            InputPropertiesError: there is no such component, its inputs are wrong, or it refuses them. The engine
                shows the text and no traceback.
        """
        kind = resource_type.removeprefix(f"{NAME}:index:")
        if kind not in self._components:
            there_are = ", ".join(f"{NAME}:index:{name}" for name in self._components)
            raise pulumi.InputPropertiesError(f"there is no component {resource_type}; there are {there_are}", [])
        component: Any = self._components[kind]
        args = read_inputs(inspect.get_annotations(component.__init__)["args"], inputs)
        try:
            made = component(name, args, options)
        except pulumi.RunError as error:
            raise pulumi.InputPropertiesError(str(error), []) from None
        return ConstructResult(made.urn, self.get_state(made, self._component_defs[kind]))


def serve() -> None:
    """Answer the engine until it ends."""
    pulumi.provider.main(Package(), sys.argv[1:])


def _version() -> str:
    """The version of the package is that of the project, and of its tags."""
    version: str = tomllib.loads(_PROJECT.read_text())["project"]["version"]
    return version


def _tidy(schema: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Take out what the SDK leaves in: the indentation of docstrings, and a description once more for each item."""
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidy(value) for key, value in schema.items() if value != []}
    if "description" in tidy and isinstance(tidy["description"], str):
        tidy["description"] = inspect.cleandoc(tidy["description"])
    for inner in ("items", "additionalProperties"):
        if isinstance(tidy.get(inner), dict):
            tidy[inner].pop("description", None)
    return tidy
