"""The plainest possible reading of AWS's evaluation logic: slow, and written from the documentation alone.

It shares nothing with checks/access, so that the two can be held against each other. Nothing is compiled, cached or
indexed. Each function names the page it was written from; all are in the IAM User Guide unless said otherwise
(https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html), read 2026-11-21.
"""

import base64
import datetime as dt
import ipaddress
import operator as operators
import re
from decimal import Decimal
from itertools import chain
from typing import Any

from checks.access.sides import RCP_SERVICES  # the one thing shared: a fact, no logic

Json = Any
ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"


def decide(line: Json) -> str:
    """Answer one question of `./mlz access simulate --lines`.

    Source: reference_policies_evaluation-logic_policy-eval-denyallow, …-cross-account.
    """
    scps = [[p["policy"] for p in level["policies"]] for level in line.get("serviceControlPolicies") or []]
    rcps = [[p["policy"] for p in level["policies"]] for level in line.get("resourceControlPolicies") or []]
    if line["request"]["action"].partition(":")[0].lower() not in RCP_SERVICES:
        rcps = []  # Organizations User Guide, orgs_manage_policies_rcps, "List of AWS services that support RCPs"
    identity = [p["policy"] for p in line.get("identityPolicies") or []]
    boundary = [p["policy"] for p in line.get("permissionBoundaries") or []]
    session = [line["sessionPolicy"]] if line.get("sessionPolicy") else []
    resource = [line["resourcePolicy"]] if line.get("resourcePolicy") else []
    endpoint = [p["policy"] for p in line.get("endpointPolicies") or []]
    ask = Ask(line["request"], bounded=bool(boundary))
    if ask.action.lower() == "sts:getcalleridentity":
        return ALLOWED  # STS API Reference, GetCallerIdentity: "No permissions are required", nor does a deny matter

    everywhere = [*identity, *boundary, *session, *resource, *endpoint, *chain(*scps, *rcps)]
    if any(ask.says(policy, "Deny") for policy in everywhere):
        return EXPLICITLY

    def allows(policies: list[Json]) -> bool:
        return any(ask.says(policy, "Allow") for policy in policies)

    # RCPs need no Allow: RCPFullAWSAccess is attached to every level and can't be detached.
    guarded = all(allows(level) for level in scps) and (not endpoint or allows(endpoint))
    # Without a session policy a federated user has no permissions of its own:
    # id_credentials_temp_control-access_getfederationtoken
    lacking = ":federated-user/" in ask.caller and not session
    within = not lacking and all(not layer or allows(layer) for layer in (boundary, session))
    by_identity = within and allows(identity)
    granted = set().union(*(ask.says(policy, "Allow") for policy in resource))
    if not ask.caller.startswith("arn:"):  # a service or an unsigned request belongs to no account
        enough = bool(granted)
    elif ask.caller.split(":")[4] != ask.owner:
        enough = bool(granted) and by_identity
    else:
        # Key policies and trust policies must let the account's own policies count.
        counts = ask.service not in {"kms", "sts"} or "account" in granted
        enough = "caller" in granted or ("role" in granted and within) or (by_identity and counts)
    return ALLOWED if guarded and enough else IMPLICITLY


class Ask:
    """One request, and whether a policy speaks about it."""

    def __init__(self, request: Json, *, bounded: bool) -> None:
        self.caller: str = request["principal"]
        self.action: str = request["action"]
        self.service = self.action.split(":")[0].lower()
        self.arn: str = request["resource"]
        self.owner: str = request["resourceAccount"]
        self.context = {key.lower(): values(value) for key, value in request["context"].items()}
        self.bounded = bounded

    def says(self, policy: Json, effect: str) -> set[str]:
        """How the policy's statements of *effect* reach the caller; empty when none matches the request."""
        variables = policy.get("Version") == "2012-10-17"
        found: set[str] = set()
        for statement in values(policy["Statement"]):
            if (
                statement["Effect"] == effect
                and self.is_action(statement)
                and self.is_resource(statement, variables=variables)
                and self.meets(statement.get("Condition", {}), variables=variables)
            ):
                found |= self.reached(statement)
        return found

    def is_action(self, statement: Json) -> bool:
        """Source: reference_policies_elements_action, …_notaction: case does not matter, * and ? do."""
        if "Action" in statement:
            return any(like(a.lower(), self.action.lower()) for a in values(statement["Action"]))
        return not any(like(a.lower(), self.action.lower()) for a in values(statement["NotAction"]))

    def is_resource(self, statement: Json, *, variables: bool) -> bool:
        """Source: reference_policies_elements_resource, …_notresource; a trust policy has neither element."""

        def met(pattern: str) -> bool | None:
            filled = self.fill(pattern, variables=variables)
            return filled and fits(filled, self.arn)

        if "NotResource" in statement:
            return {met(pattern) for pattern in values(statement["NotResource"])} <= {False}
        return any(met(pattern) for pattern in values(statement.get("Resource", "*")))

    def reached(self, statement: Json) -> set[str]:
        """Say as what the statement's Principal names the caller: itself, the role behind it, or its account.

        Source: reference_policies_elements_principal, …_notprincipal. Policies of identities have no such element.
        """
        if "Principal" in statement:
            return self.named(statement["Principal"])
        if "NotPrincipal" in statement:
            # access_policies_boundaries: NotPrincipal with Deny always denies a principal that has a boundary.
            return {"caller"} if self.bounded or not self.named(statement["NotPrincipal"]) else set()
        return {"caller"}

    def named(self, principal: Json) -> set[str]:
        """Every form in which a Principal element names the caller."""
        if principal == "*":
            return {"caller"}
        forms: dict[str, str] = {"*": "caller", self.caller: "caller"}
        if self.caller.startswith("arn:"):
            account = self.caller.split(":")[4]
            forms |= {account: "account", f"arn:aws:iam::{account}:root": "account"}
            behind = {"assumed-role": "role", "federated-user": "user"}.get(self.caller.split(":")[5].split("/")[0])
            if behind:
                forms[f"arn:aws:iam::{account}:{behind}/{self.caller.split('/')[1]}"] = "role"
        return {forms[name] for kind in principal for name in values(principal[kind]) if name in forms}

    def meets(self, condition: Json, *, variables: bool) -> bool:
        """Source: reference_policies_elements_condition: operators and keys are joined by AND."""
        return all(
            self.holds(operator, key.lower(), [text(v) for v in values(wanted)], variables=variables)
            for operator, tests in condition.items()
            for key, wanted in tests.items()
        )

    def holds(self, operator: str, key: str, wanted: list[str], *, variables: bool) -> bool:
        """Whether one test is met.

        Source: reference_policies_elements_condition_operators,
        reference_policies_condition-logic-multiple-context-keys-or-values.
        """
        carried = self.context.get(key, [])
        if operator == "Null":
            return any((not carried) == (value == "true") for value in wanted)
        many, _, operator = operator.rpartition(":")
        if many:  # "resolves to a null data set, such as an empty string"
            carried = [value for value in carried if value]
        base = operator.removesuffix("IfExists")
        if not carried:  # absent, or present without a value: one and the same
            if many:  # even with IfExists: https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w measured it
                return many == "ForAllValues"
            return operator.endswith("IfExists") or "Not" in base
        tests = [self.test(base, value, wanted, variables=variables) for value in carried]
        return all(tests) if many == "ForAllValues" else any(tests)

    def test(self, base: str, value: str, wanted: list[str], *, variables: bool) -> bool:
        """One value of the request against all of the policy: OR, or NOR where the operator is negated."""
        found = {self.compare(base.replace("Not", ""), value, each, variables=variables) for each in wanted}
        return found <= {False} if "Not" in base else True in found

    def compare(self, operator: str, value: str, wanted: str, *, variables: bool) -> bool | None:
        """One value of the request against one of the policy, by an operator that is not negated; None: no value."""
        if operator.startswith(("String", "Arn")):
            filled = self.fill(wanted, variables=variables, wild=operator == "StringLike" or operator[0] == "A")
            if filled is None:
                return None
            if operator.startswith("Arn"):
                return fits_as_arn(filled, value)
            return fits(filled, value, ignore_case=operator.endswith("IgnoreCase"))
        if operator == "IpAddress":
            address, block = ipaddress.ip_address(value), ipaddress.ip_network(wanted)
            return address.version == block.version and address in block
        read = {"Bool": str.lower, "Binary": base64.b64decode, "Date": moment, "Numeric": Decimal}
        kind, order = re.fullmatch("(Bool|Binary|Date|Numeric)(.*)", operator).groups()
        mine, theirs = read[kind](value), read[kind](wanted)
        return mine == theirs if order in {"", "Equals"} else COMPARE[order](mine, theirs)

    def fill(self, pattern: str, *, variables: bool, wild: bool = True) -> list[str] | None:
        """Cut a policy's text into characters and wildcards, its variables filled in; None if one has no value.

        Source: reference_policies_variables: ${key}, ${key, 'default'}, ${*} ${?} ${$}; only in Version 2012-10-17;
        a multivalued key is no variable. "Any attempt to match" a missing value "fails and causes the statement to be
        invalid": so it is neither a match nor, for NotResource and negated operators, a mismatch.
        """
        parts: list[str] = []
        for found in re.finditer(r"\$\{([^}]*)\}|.", pattern, re.DOTALL):
            name = found[1]
            if name is None or not variables:
                parts += [{"*": ANY, "?": ONE}.get(c, c) if wild else c for c in found[0]]
            elif name in {"*", "?", "$"}:
                parts.append(name)
            else:
                key, _, default = name.partition(", ")
                carried = self.context.get(key.lower(), [])
                if len(carried) != 1 and not default:
                    return None
                parts += carried[0] if len(carried) == 1 else default.strip("'")
        return parts


ANY, ONE = "any characters", "one character"
COMPARE = {
    "LessThan": operators.lt,
    "LessThanEquals": operators.le,
    "GreaterThan": operators.gt,
    "GreaterThanEquals": operators.ge,
}


def fits(parts: list[str], value: str, *, ignore_case: bool = False) -> bool:
    """Whether *value* is what *parts* spell out."""
    pattern = "".join({ANY: ".*", ONE: "."}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(pattern, value, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def fits_as_arn(parts: list[str], value: str) -> bool:
    """Whether each of the six components fits its own; only the last may hold more colons."""
    wanted: list[list[str]] = [[]]
    for part in parts:
        if part == ":" and len(wanted) < 6:
            wanted.append([])
        else:
            wanted[-1].append(part)
    carried = value.split(":", 5)
    return len(wanted) == len(carried) == 6 and all(map(fits, wanted, carried))


def like(pattern: str, value: str) -> bool:
    """Whether *value* fits *pattern* with its * and ?."""
    return fits([{"*": ANY, "?": ONE}.get(c, c) for c in pattern], value)


def values(one_or_many: Json) -> list[Any]:
    """A list, whether or not it was written as one."""
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def text(value: Json) -> str:
    """A policy's value as text: JSON true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def moment(value: str) -> dt.datetime:
    """A date in ISO 8601 or seconds since 1970."""
    if re.fullmatch(r"\d+", value):
        return dt.datetime.fromtimestamp(int(value), dt.UTC)
    return dt.datetime.fromisoformat(value)
