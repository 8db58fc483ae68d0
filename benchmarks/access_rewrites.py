"""Where iam-simulate departs from AWS's documentation, written as rewrites of a question.

A rewrite says the same to AWS in words that iam-simulate reads as AWS does. If its answer to the rewritten question is
ours to the original, the disagreement is explained by that departure and by nothing else. docs/access-differential.md
lists them with their sources.
"""

import copy
import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from checks.access.sides import RCP_SERVICES
from tests.access.generate import EVERYTHING

Json = Any
NOBODY = "arn:aws:iam::000000000000:user/nobody"
POLICIES = ["identityPolicies", "permissionBoundaries", "endpointPolicies"]
IDLE = {"Effect": "Deny", "Action": "a4b:*", "Resource": "*"}
"""What stands where no statement is left: a document has to have one."""
LEVELS = ["serviceControlPolicies", "resourceControlPolicies"]


def documents(line: Json) -> Iterator[Json]:
    """Every policy document of a question; Statement is made a list on the way."""
    levels = [level for name in LEVELS for level in line.get(name) or []]
    named = [p for name in POLICIES for p in line.get(name) or []] + [p for level in levels for p in level["policies"]]
    for document in [*(p["policy"] for p in named), line.get("sessionPolicy"), line.get("resourcePolicy")]:
        if document:
            document["Statement"] = listed(document["Statement"])
            yield document


def conditions(line: Json) -> Iterator[tuple[Json, str, str]]:
    """Every test of every Condition as (operator's tests, operator, key): a place to write to."""
    for document in documents(line):
        for statement in document["Statement"]:
            for operator, tests in statement.get("Condition", {}).items():
                for key in tests:
                    tests[key] = listed(tests[key])
                    yield tests, operator, key


def listed(one_or_many: Json) -> list[Json]:
    """A list, whether or not it was written as one."""
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def carried(line: Json, key: str) -> list[str]:
    """The request's values of a condition key."""
    context = {name.lower(): listed(value) for name, value in line["request"]["context"].items()}
    return context.get(key.lower(), [])


def give_the_role_a_trust_policy(line: Json) -> None:
    """A role always has a trust policy; one that was not given allows nobody."""
    if line["request"]["action"].lower() == "sts:assumerole" and not line.get("resourcePolicy"):
        trust = {"Effect": "Allow", "Principal": {"AWS": NOBODY}, "Action": "sts:AssumeRole"}
        line["resourcePolicy"] = {"Version": "2012-10-17", "Statement": [trust]}


def give_the_federated_user_a_session_policy(line: Json) -> None:
    """A federated user without a session policy has no permissions of its own: as with one that allows nothing."""
    if ":federated-user/" in line["request"]["principal"] and not line.get("sessionPolicy"):
        nothing = {"Effect": "Allow", "Action": "a4b:*", "Resource": "arn:aws:a4b:::nothing"}
        line["sessionPolicy"] = {"Version": "2012-10-17", "Statement": [nothing]}


def drop_control_policies_of_other_services(line: Json) -> None:
    """Resource control policies apply to the resources of a few services only."""
    if line["request"]["action"].partition(":")[0].lower() not in RCP_SERVICES:
        line["resourceControlPolicies"] = []


def leave_out_keys_without_values(line: Json) -> None:
    """A key without a value is null, as if it were absent."""
    context = line["request"]["context"]
    line["request"]["context"] = {key: value for key, value in context.items() if value != []}


def limit_the_session_by_a_boundary(line: Json) -> None:
    """A session policy limits what a boundary limits, and iam-simulate reads a boundary as AWS says.

    Where there are both, each of the two must let the request pass: it is asked about one, then about the other.
    """
    if line.get("sessionPolicy"):
        session = [{"name": "session", "policy": line["sessionPolicy"]}]
        line["sessionPolicy"] = copy.deepcopy(EVERYTHING)
        if line.get("permissionBoundaries"):
            line["and"] = copy.deepcopy(line) | {"permissionBoundaries": session}
        else:
            spell_out_not_principal(line)
            line["permissionBoundaries"] = session


def spell_out_not_principal(line: Json) -> None:
    """NotPrincipal takes a boundary for a reason to deny: before a new one comes, say whom it denies without."""
    document = line.get("resourcePolicy") or {"Statement": []}
    kept = []
    for statement in listed(document["Statement"]):
        spared = statement.pop("NotPrincipal", None)
        if spared is not None:
            statement["Principal"] = "*"
        if spared is None or line["request"]["principal"] not in [
            one for kind in spared.values() for one in listed(kind)
        ]:
            kept.append(statement)
    document["Statement"] = kept or [{**IDLE, "Principal": "*"}]


def ask_addresses_of_one_family(line: Json) -> None:
    """An IPv6 address is in no IPv4 range and the other way round: ranges of the other family change nothing."""
    for tests, operator, key in conditions(line):
        values = carried(line, key)
        if "IpAddress" in operator and len(values) == 1:
            address = ipaddress.ip_address(values[0])
            nowhere = "192.0.2.255/32" if address.version == 4 else "2001:db8:ffff::/128"
            same = [v for v in tests[key] if ipaddress.ip_network(v).version == address.version]
            tests[key] = same or [nowhere]


def spell_out_variables(line: Json) -> None:
    """Write each variable's value where it stands; in versions before 2012-10-17 it is plain text."""
    for document in documents(line):
        new = document.get("Version") == "2012-10-17"
        document["Version"] = "2012-10-17"
        kept = []
        for statement in document["Statement"]:
            resources = [fill(line, pattern, new=new) for pattern in listed(statement.get("Resource", []))]
            others = [fill(line, pattern, new=new) for pattern in listed(statement.get("NotResource", []))]
            if None in others or (resources and set(resources) == {None}):
                continue  # the statement is invalid, or matches nothing
            if resources:
                statement["Resource"] = [each for each in resources if each is not None]
            if others:
                statement["NotResource"] = others
            for operator, tests in statement.get("Condition", {}).items():
                for key, wanted in tests.items():
                    if "String" in operator or "Arn" in operator:
                        tests[key] = [
                            value
                            for each in listed(wanted)
                            for value in spelled(line, operator, key, fill(line, each, new=new))
                        ]
            kept.append(statement)
        of_principals = document is line.get("resourcePolicy") or any("Principal" in s for s in document["Statement"])
        document["Statement"] = kept or [IDLE | ({"Principal": "*"} if of_principals else {})]


def spelled(line: Json, operator: str, key: str, value: str | None) -> list[str]:
    """A condition's value; one without value never matches, and where the operator is negated never mismatches."""
    if value is not None:
        return [value]
    return carried(line, key) if "Not" in operator else ["arn:aws:no:value:of:variable"]


def fill(line: Json, text: str, *, new: bool) -> str | None:
    """*text* with its variables' values; None if one has none."""
    if not new:
        return text.replace("${", "${$}{")
    missing = []

    def value(found: re.Match[str]) -> str:
        if found[1] in {"*", "?", "$"}:
            return found[0]
        key, _, default = found[1].partition(", ")
        values = carried(line, key)
        if len(values) == 1:
            return values[0]
        if not default:
            missing.append(key)
        return default.strip("'")

    filled = re.sub(r"\$\{([^}]*)\}", value, text)
    return None if missing else filled


REWRITES: dict[str, Callable[[Json], None]] = {
    "control policies of services that have none": drop_control_policies_of_other_services,
    "federated users without a session policy": give_the_federated_user_a_session_policy,
    "a role without a trust policy": give_the_role_a_trust_policy,
    "variables": spell_out_variables,
    "keys without values": leave_out_keys_without_values,
    "addresses of two families": ask_addresses_of_one_family,
    "grants to a session itself": limit_the_session_by_a_boundary,
}


def rewritten(line: Json, *names: str) -> list[Json]:
    """What *line* is after the rewrites *names*: one question, or several of which the least answer counts."""
    line = copy.deepcopy(line)
    for name in names:
        REWRITES[name](line)
    return [line, line.pop("and")] if "and" in line else [line]
