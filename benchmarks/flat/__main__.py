"""A flat Pulumi program: registers what resources.json lists, in its order (see flat_program.py)."""

import json
from importlib import import_module
from pathlib import Path

import pulumi


class Made:
    """What is registered so far."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.resources: list = []

    def add(self, item: dict, outputs: set[str]) -> None:
        """Register one resource; *outputs* are its properties that others read."""
        inputs = {key: self.filled(value) for key, value in item["inputs"].items()}
        if item["provider"] is None:
            opts = pulumi.ResourceOptions(version=self.version)
            self.resources.append(pulumi.ProviderResource("aws", item["name"], inputs, opts))
            return
        module = item["type"].split(":")[1].split("/")[0]
        import_module(f"pulumi_aws.{module}")
        opts = pulumi.ResourceOptions(
            provider=self.resources[item["provider"]],
            depends_on=[self.resources[place] for place in item["dependencies"]],
            version=self.version,
        )
        read = dict.fromkeys(outputs - {"id"} - set(inputs))
        self.resources.append(pulumi.CustomResource(item["type"], item["name"], {**inputs, **read}, opts))

    def filled(self, value):
        """*value* with the outputs of other resources in their places."""
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if "pieces" in value:
            return pulumi.Output.concat(
                *(
                    getattr(self.resources[p["of"][0]], p["of"][1]) if isinstance(p, dict) else p
                    for p in value["pieces"]
                )
            )
        return {key: self.filled(inner) for key, inner in value.items()}


def references(value):
    """Every [place, property] inside *value*."""
    if isinstance(value, dict):
        if "of" in value:
            yield tuple(value["of"])
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


LISTED = json.loads(Path(__file__).with_name("resources.json").read_text())
READ: dict[int, set[str]] = {}
for resource in LISTED["resources"]:
    for place, key in references(resource["inputs"]):
        READ.setdefault(place, set()).add(key)
made = Made(LISTED["version"])
for place, resource in enumerate(LISTED["resources"]):
    made.add(resource, READ.get(place, set()))
