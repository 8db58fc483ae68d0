"""Names that AWS would refuse: too long, or with characters it does not take."""

import re
from collections.abc import Iterator

from zone import names, serving_names
from zone.facts import facts
from zone.specs.account import TeamAccount
from zone.specs.document import Path as KeyPath
from zone.specs.problems import Problem
from zone.specs.tree import Specs

Name = tuple[str, str, KeyPath]
"""Kind of name, the name, and the key of the spec it is made of."""


def refused_names(key: str, specs: Specs) -> Iterator[Problem]:
    """Yield a problem for each physical name of account *key* that AWS would refuse."""
    for kind, name, path in _names(key, specs):
        fact = facts("names")["names"][kind]
        source = f"({fact['source']}, {fact['as_of']})"
        if not fact["min"] <= len(name) <= fact["max"]:
            text = (
                f"the {kind.replace('_', ' ')} name {name} has {len(name)} characters; allowed: "
                f"{fact['min']} to {fact['max']} {source}: shorten the name of the {_part(path)}"
            )
            yield specs.sources[key].problem(path, text)
        elif fact["pattern"] and not re.fullmatch(fact["pattern"], name):
            text = f"AWS takes no {kind.replace('_', ' ')} name {name}; allowed: {fact['pattern']} {source}"
            yield specs.sources[key].problem(path, text)


def _names(key: str, specs: Specs) -> Iterator[Name]:
    """Yield every physical name of the account; ids are as long before they are known as after."""
    spec, folder, team = specs.accounts[key], specs.folder(key), specs.stem(key)
    yield "account", key, ()
    if spec.kind == "platform":
        yield "bucket", names.bucket(key, "mlflow", names.UNASSIGNED), ()
    if not isinstance(spec, TeamAccount):
        return
    for purpose in names.BUCKET_PURPOSES:
        yield "bucket", names.bucket(key, purpose, names.UNASSIGNED), ()
        for place, region in enumerate(spec.regions):
            yield "bucket", names.bucket(key, purpose, names.UNASSIGNED, region), ("regions", place)
    yield "domain", names.domain(key), ()
    yield "mlflow_server", names.mlflow_server(folder, team), ()
    yield "role", names.mlflow_access_role(team), ()
    for member in spec.members:
        yield "user_profile", member, ("members", member)
    for space in spec.studio.shared_spaces:
        yield "space", space, ("studio", "shared_spaces", space)
    for group, declared in spec.feature_groups.items():
        yield "feature_group", names.feature_group(team, group), ("feature_groups", group)
        for reader in declared.shared_with:
            path = ("feature_groups", group, "shared_with", reader)
            yield "role", names.online_reader_role(group, reader), path
    yield from _of_models(spec, team)


def _of_models(spec: TeamAccount, team: str) -> Iterator[Name]:
    """Yield what the team's models are kept in and served by."""
    for model in spec.models:
        yield "model_package_group", names.model_package_group(team, model), ("models",)
        yield "repository", names.repository(team, model), ("models",)
    for name in spec.endpoints:
        yield "endpoint", serving_names.endpoint(team, name), ("endpoints", name)


def _part(path: KeyPath) -> str:
    """Say which name of the user's the long name is made of."""
    return "folder or the file" if not path else f"folder, the file or {path[-1]}"
