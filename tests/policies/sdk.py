"""Reads the installed pulumi_aws: which types take tags, where an instance type can be given.

`python -m tests.policies.sdk` rewrites policies/rules/taggable.json.
"""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

TAGGABLE = Path(__file__).parents[2] / "policies" / "rules" / "taggable.json"

NEWER_TAGGABLE = (  # types of later releases that take tags: a pack must not lose them when the SDK is older
    "aws:sagemaker/algorithm:Algorithm",
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
    "aws:sagemaker/mlflowApp:MlflowApp",
    "aws:sagemaker/trainingJob:TrainingJob",
)


def _folder():
    spec = find_spec("pulumi_aws")
    assert spec, "pulumi_aws is not installed"
    assert spec.origin
    return Path(spec.origin).parent


def taggable():
    found = set(NEWER_TAGGABLE)
    for path in _folder().rglob("*.py"):
        text = path.read_text()
        token = re.search(r"__init__\(\s*'(aws:[^']+)'", text)
        if token and "class _" in text:
            inputs = text[: text.index("class _")]
            if "def tags(self)" in inputs and "def tags_all(self)" in text:
                found.add(token[1])
    return sorted(found)


@cache
def _classes(module):
    """Each Args class of *module*: property → annotation."""
    found = {}
    for path in (_folder() / module).glob("*.py"):
        for part in re.split(r"\n(?=@pulumi\.input_type)", path.read_text()):
            name = re.match(r"@pulumi\.input_type\nclass (\w+)", part)
            if name and not name[1].startswith("_"):
                signature = part[part.index("def __init__") : part.index("):\n")]
                found[name[1]] = dict(re.findall(r"^\s+(\w+): (.+?)(?: = None)?,?$", signature, re.MULTILINE))
    return found


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def tokens(module):
    found = {}
    for path in (_folder() / module).glob("*.py"):
        token = re.search(rf"__init__\(\s*'(aws:{module}/[^']+)'", path.read_text())
        if token:
            name = token[1].split(":")[-1]
            # Where a nested type has the resource's name, the SDK calls the resource's own inputs …InitArgs.
            init = f"{name}InitArgs"
            found[token[1]] = init if init in _classes(module) else f"{name}Args"
    return found


def input_paths(module):
    """Every leaf path of every type of *module*, e.g. (token, "productionVariants[].instanceType")."""
    for token, args in tokens(module).items():
        yield from ((token, path) for path in _leaves(module, args, "", ()))


def _leaves(module, args, prefix, seen):
    for name, annotation in _classes(module).get(args, {}).items():
        path = prefix + _camel(name) + ("[]" if "Sequence[" in annotation else "")
        inner = re.search(r"'(\w+Args)'", annotation)
        if inner and inner[1] not in seen:
            yield from _leaves(module, inner[1], path + ".", (*seen, inner[1]))
        elif not inner:
            yield path


if __name__ == "__main__":
    TAGGABLE.write_text(json.dumps(taggable(), indent=1) + "\n")
