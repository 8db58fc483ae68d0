"""What must hold within one team's spec and no type can say."""

from collections.abc import Iterator

from zone.facts import facts
from zone.specs.account import TeamAccount
from zone.specs.features import FeatureGroup, FeatureType, ShareMode
from zone.specs.instances import missing
from zone.specs.problems import Problem, meant
from zone.specs.scheduling_checks import scheduling_problems
from zone.specs.source import Source


def team_problems(spec: TeamAccount, source: Source) -> Iterator[Problem]:
    """Yield all problems of one team's spec."""
    yield from missing(spec.instance_types, source)
    yield from _people(spec, source)
    yield from _network(spec, source)
    for name, group in spec.feature_groups.items():
        yield from _feature_group(name, group, source)
    yield from scheduling_problems(spec, source)
    if spec.studio.keep_home is False and not spec.disposable:
        text = (
            "false deletes the members' files with the domain; allowed: true, or set disposable: true for the account"
        )
        yield source.problem(("studio", "keep_home"), text)


def _network(spec: TeamAccount, source: Source) -> Iterator[Problem]:
    """A network is ours, or is there as a whole."""
    network = spec.network
    given = {
        "vpc": bool(network.vpc),
        "cidr": bool(network.cidr),
        "subnets": bool(network.subnets),
        "endpoints": bool(network.endpoints),
    }
    lacking = [key for key, value in given.items() if not value]
    if lacking and len(lacking) < len(given):
        there = ", ".join(key for key in given if key not in lacking)
        text = (
            f"a network that is there needs {', '.join(lacking)} too, got {there}; allowed: all four, or none of them"
        )
        yield source.problem(("network",), text)


def _people(spec: TeamAccount, source: Source) -> Iterator[Problem]:
    """Members are different people, and own the shared spaces."""
    first: dict[str, str] = {}
    named: dict[str, str] = {}
    for name, member in spec.members.items():
        other = named.setdefault(member.sign_in.lower(), name)
        if other != name and (member.user or spec.members[other].user):
            text = f"the user name of members.{other} too, got {member.sign_in}; allowed: one member a person"
            yield source.problem(("members", name, "user" if member.user else "email"), text)
        other = first.setdefault(member.email.lower(), name)
        if other != name:
            text = f"the same address as members.{other}.email, got {member.email}; allowed: one member a person"
            yield source.problem(("members", name, "email"), text)
    for space, owner in spec.studio.shared_spaces.items():
        if owner not in spec.members:
            allowed = f"a member: {', '.join(spec.members)}{meant(owner, spec.members)}"
            yield source.problem(
                ("studio", "shared_spaces", space), f"the owner is no member, got {owner}; allowed: {allowed}"
            )


def _feature_group(name: str, group: FeatureGroup, source: Source) -> Iterator[Problem]:
    """A feature group is whole and has a store."""
    path = ("feature_groups", name)
    for key, feature in (("record_id", group.record_id), ("event_time", group.event_time)):
        if feature not in group.features:
            allowed = f"one of {', '.join(group.features)}{meant(feature, group.features)}"
            yield source.problem((*path, key), f"not among the features, got {feature}; allowed: {allowed}")
    if group.record_id == group.event_time:
        yield source.problem((*path, "event_time"), f"the same feature as record_id, got {group.event_time}")
    if group.features.get(group.event_time) == FeatureType.INTEGRAL:
        text = "an event time of type Integral; allowed: String (ISO 8601), Fractional (seconds since 1970)"
        yield source.problem((*path, "features", group.event_time), text)
    reserved = facts("names")["reserved_feature_names"]
    for feature in group.features:
        if feature.lower() in reserved["names"]:
            allowed = f"any but {', '.join(reserved['names'])} ({reserved['source']})"
            text = f"AWS reserves this feature name; allowed: {allowed}"
            yield source.problem((*path, "features", feature), text)
    if not group.online and not group.offline:
        yield source.problem(path, "neither online nor offline; allowed: set one of them to true")
    yield from _feature_shares(name, group, source)


def _feature_shares(name: str, group: FeatureGroup, source: Source) -> Iterator[Problem]:
    """Each store is shared the one way AWS has for it."""
    for team, share in group.shared_with.items():
        path = ("feature_groups", name, "shared_with", team)
        for place, mode in enumerate(share.modes):
            if not (group.online if mode is ShareMode.ONLINE else group.offline):
                text = f"the group has no {mode} store, got {mode}; allowed: set {mode}: true, or leave the mode out"
                yield source.problem((*path, "modes", place), text)
        if share.via == "resource_policy" and ShareMode.ONLINE in share.modes:
            text = (
                "AWS has no resource policy for the online store across accounts, got resource_policy; "
                f"allowed: leave `via` out, then {team} reads online through a role in this account"
            )
            yield source.problem((*path, "via"), text)
        elif share.via:
            fitting = {"role": ShareMode.ONLINE}.get(share.via, ShareMode.OFFLINE)
            if set(share.modes) != {fitting}:
                modes = ", ".join(share.modes)
                text = f"{share.via} shares the {fitting} store only, got modes {modes}; allowed: leave `via` out"
                yield source.problem((*path, "via"), text)
