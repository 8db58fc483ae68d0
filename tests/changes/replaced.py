"""What the engine would replace or delete between two recordings of a stack, by the provider's own list of inputs."""

from zone.facts import facts

TYPES = facts("immutable")["types"]


def held(inputs, path):
    """The value at a path such as domainSettings.securityGroupIds; of a list, of each of its items."""
    if not path:
        return inputs
    if isinstance(inputs, list):
        return [held(each, path) for each in inputs]
    return held(inputs.get(path[0]), path[1:]) if isinstance(inputs, dict) else None


def replaced(before, after):
    """Name → the inputs that replace it."""
    old = {each.urn: each for each in before.made()}
    found = {}
    for new in after.made():
        was = old.get(new.urn)
        known = [*TYPES[new.type]["replaces"], *new.replace_on_changes]
        paths = [path for path in known if path.split(".")[0] not in new.ignore_changes]
        changed = [
            path for path in paths if was and held(was.inputs, path.split(".")) != held(new.inputs, path.split("."))
        ]
        if changed:
            found[f"{new.type} {new.name}"] = changed
    return found


def deleted(before, after):
    """What is no longer there and takes data with it."""
    there = {each.urn for each in after.made()}
    return [
        f"{each.type} {each.name}" for each in before.made() if each.urn not in there and "loses" in TYPES[each.type]
    ]


def loses(replacements):
    """Those of *replacements* that take data with them."""
    return {name: why for name, why in replacements.items() if "loses" in TYPES[name.split()[0]]}
