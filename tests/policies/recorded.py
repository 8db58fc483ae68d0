"""A stack of ours as the rules see it, from its recorded build."""

from checks.record import record
from policies.rules import Resource
from stacks.build import build


def recorded(zone, stack):
    """The resources of *stack*."""
    made = record(lambda: build(zone, stack), stack=stack).resources
    providers = {each.name: each.inputs for each in made if each.type.startswith("pulumi:providers")}
    keys = {each.urn: f"{each.name}|{each.type}" for each in made}
    return [
        Resource(
            type=each.type,
            name=each.name,
            props=each.inputs,
            outputs=each.outputs,
            depends_on=[keys[urn] for urn in each.dependencies if urn in keys],
            provider=providers.get(each.provider, {}),
            protect=each.protect,
        )
        for each in made
    ]
