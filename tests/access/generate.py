"""Random access questions in the form `./mlz access simulate --lines` reads; the same seed gives the same questions.

Statements are grown from the request they are asked about, then bent, so that answers are mixed: a quarter to a half
is Allowed, and every layer decides some. `tests/access/world.py` holds the principals, resources and context keys.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from checks.access.sides import RCP_SERVICES
from tests.access.world import (
    ACCOUNTS,
    ACTIONS,
    BEHIND,
    KEYS,
    MULTIVALUED,
    NEGATED,
    POSITIVE,
    PRINCIPALS,
    SERVICES,
    Kind,
)

Json = Any
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def lines(seed: int, count: int) -> Iterator[Json]:
    """Yield *count* questions; each depends only on *seed* and its own number, so one can be made again alone."""
    for number in range(count):
        yield question(Random(f"{seed}:{number}"), number)


def question(r: Random, number: int = 0) -> Json:
    """Make one question: a request and the policies of all layers that bear on it."""
    return Question(r).line(number)


class Question:
    """One request, and statements bent around it."""

    def __init__(self, r: Random) -> None:
        self.r = r
        self.action, (resource, *keys) = r.choice(list(ACTIONS.items()))
        self.principal = r.choice(PRINCIPALS[: 2 if r.random() < 0.5 else None])
        self.account = self.principal.split(":")[4] if self.principal.startswith("arn:") else ACCOUNTS[0]
        self.owner = self.account if r.random() < 0.6 else r.choice(ACCOUNTS)
        self.resource = resource.format(account=self.owner)
        # What AWS derives from the caller and the resource is always sent, so that no evaluator has to.
        self.context: dict[str, Json] = {"aws:ResourceAccount": self.owner, "aws:SecureTransport": "true"}
        if self.principal.startswith("arn:"):
            kind = {"user": "User", "federated-user": "FederatedUser"}.get(self.principal.split(":")[5].split("/")[0])
            self.context |= {
                "aws:PrincipalArn": self.principal if kind else BEHIND[self.principal],
                "aws:PrincipalAccount": self.account,
                "aws:PrincipalType": kind or "AssumedRole",
                "aws:PrincipalIsAWSService": "false",
            }
            if kind == "User":
                self.context["aws:username"] = self.principal.rpartition("/")[2]
        elif self.principal == "*":
            self.context |= {
                "aws:PrincipalAccount": "anonymous",
                "aws:PrincipalType": "Anonymous",
                "aws:PrincipalIsAWSService": "false",
            }
        else:
            self.context["aws:PrincipalIsAWSService"] = "true"
        self.keys = [*keys, *(key for key in KEYS if key.startswith("aws:"))]
        for key in self.keys:
            # What AWS says of a principal, a service has not and nobody has not.
            known = self.principal.startswith("arn:") or not key.startswith(("aws:Principal", "aws:username"))
            if known and key not in self.context and r.random() < 0.4:
                self.context[key] = self.value(key)

    def value(self, key: str) -> Json:
        """A value as a request carries it: one, or a list for a multivalued key."""
        values = KEYS[key][1]
        if key in MULTIVALUED:
            return self.r.sample(values, self.r.choice([0, 1, 1, 2, 2]))
        return self.r.choice(values)

    def line(self, number: int) -> Json:
        """The question as one JSON line."""
        r = self.r
        signed = self.principal.startswith("arn:")
        line: Json = {
            "id": number,
            "request": {
                "principal": self.principal,
                "action": self.action,
                "resource": self.resource,
                "resourceAccount": self.owner,
                "context": self.context,
            },
        }
        if signed:
            line["identityPolicies"] = [
                {"name": f"identity-{i}", "policy": self.policy()} for i in range(r.choice([0, 1, 1, 2]))
            ]
            if r.random() < 0.25:
                line["permissionBoundaries"] = [{"name": "boundary", "policy": self.ceiling()}]
            if r.random() < {"assumed-role": 0.2, "federated-user": 0.9}.get(
                self.principal.split(":")[5].split("/")[0], 0
            ):
                line["sessionPolicy"] = self.ceiling()
            if r.random() < 0.4:
                line["serviceControlPolicies"] = self.levels(self.ceiling)
        if r.random() < (0.4 if self.action.partition(":")[0] in RCP_SERVICES else 0.03):
            line["resourceControlPolicies"] = self.levels(self.resource_control)
        if not signed or r.random() < (0.75 if self.owner != self.account else 0.5):
            line["resourcePolicy"] = self.policy(principal=True)
        if signed and r.random() < 0.15:
            line["endpointPolicies"] = [{"name": "endpoint", "policy": self.endpoint()}]
        return line

    def levels(self, make: Any) -> Json:
        """Control policies of each level from the root down to the account."""
        names = ["r-root", "ou-workloads", "account"][: self.r.choice([1, 2, 3])]
        return [
            {"orgIdentifier": name, "policies": [{"name": f"{name}-{i}", "policy": make()} for i in range(count)]}
            for name in names
            for count in [1 if self.r.random() < 0.7 else 2]
        ]

    def ceiling(self) -> Json:
        """A policy that mostly lets everything pass, as boundaries and control policies do."""
        if self.r.random() < 0.45:
            return EVERYTHING
        policy = self.policy()
        if isinstance(policy["Statement"], list) and self.r.random() < 0.6:
            policy["Statement"].append(EVERYTHING["Statement"][0])
        return policy

    def resource_control(self) -> Json:
        """A resource control policy: Deny only, every principal, a service named in each action."""
        statement = self.statement(effect="Deny", likely=0.5)
        actions = statement.pop("Action", None) or statement.pop("NotAction")
        actions = [actions] if isinstance(actions, str) else actions
        statement["Action"] = [f"{SERVICES[self.action]}:*" if action == "*" else action for action in actions]
        return {"Version": "2012-10-17", "Statement": [{**statement, "Principal": "*"}]}

    def endpoint(self) -> Json:
        """A VPC endpoint's policy; a gateway endpoint's must name every principal."""
        policy = self.ceiling()
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        return {**policy, "Statement": [{**statement, "Principal": "*"} for statement in statements]}

    def policy(self, *, principal: bool = False) -> Json:
        """A policy of one to three statements."""
        r = self.r
        statements = []
        for _ in range(r.choice([1, 1, 2, 3])):
            effect = "Deny" if r.random() < 0.2 else "Allow"
            statement = self.statement(effect=effect, likely=0.35 if effect == "Deny" else 0.8)
            if principal:
                if effect == "Deny" and r.random() < 0.2:
                    statement["NotPrincipal"] = self.not_principal()
                else:
                    statement["Principal"] = self.principals()
            if principal and self.action == "sts:AssumeRole":
                statement.pop("NotResource", None)
                statement.pop("Resource", None)
            statements.append(statement)
        version = "2008-10-17" if r.random() < 0.06 else "2012-10-17"
        return {"Version": version, "Statement": self.loose(statements)}

    def statement(self, *, effect: str, likely: float) -> Json:
        """A statement whose every element meets the request with about the chance *likely*."""
        r = self.r
        s: Json = {"Effect": effect}
        for element, pattern in (("Action", self.action_pattern), ("Resource", self.resource_pattern)):
            turned = r.random() < 0.08
            s["Not" + element if turned else element] = [
                pattern(hit=(r.random() < likely) is not turned) for _ in range(r.choice([1, 1, 2]))
            ]
        s = {element: self.loose(value) for element, value in s.items()}
        condition: Json = {}
        for _ in range(r.choice([0, 0, 0, 1, 1, 2])):
            operator, key, values = self.condition(likely=max(likely, 0.6))
            condition.setdefault(operator, {})[key] = values
        if condition:
            s["Condition"] = condition
        return s

    def action_pattern(self, *, hit: bool) -> str:
        """An action, with or without wildcards and odd case, that meets the request or does not."""
        r = self.r
        if not hit:
            return r.choice([a for a in ACTIONS if a != self.action])
        service, _, name = self.action.partition(":")
        return r.choice(
            [
                "*",
                self.action,
                self.action.swapcase(),
                *(f"{service}:{pattern}" for pattern in ("*", f"{name[:3]}*", f"?{name[1:]}", f"*{name[-4:]}")),
            ]
        )

    def resource_pattern(self, *, hit: bool) -> str:
        """An ARN, with or without wildcards and variables, that meets the resource or does not."""
        r = self.r
        if self.resource == "*":
            return "*"
        parts = self.resource.split(":", 5)
        *head, tail = parts
        # A resource type (`table/`, `secret:`) is written out: AWS takes no wildcard there.
        name = tail.partition(":" if ":" in tail else "/")[2] or tail
        if not hit:
            return ":".join(
                [*head, tail.replace(name, r.choice([name + "x", name.swapcase(), "${aws:PrincipalTag/team}-no"]))]
            )
        if r.random() < 0.15:
            return "*"
        bent = [tail, tail, tail.replace(name, name[:3] + "*"), tail.replace(name, "?" + name[1:]), "*"]
        for key in ("aws:PrincipalTag/team", "aws:username"):
            value = self.context.get(key)
            if isinstance(value, str) and value in tail:
                bent += [tail.replace(value, f"${{{key}}}", 1)] * 3
        if "red" in tail:  # the tag may be missing, or be another one: then the default decides
            bent.append(tail.replace("red", "${aws:PrincipalTag/colour, 'red'}", 1))
        if r.random() < 0.2:
            head = [*head[:3], head[3] and "*", head[4] and "*"]
        return ":".join([*head, r.choice(bent)])

    def condition(self, *, likely: float) -> tuple[str, str, Json]:
        """One operator with its key and values."""
        r = self.r
        key = r.choice(self.keys if r.random() < 0.4 else list(self.context))
        if r.random() < 0.1:
            return "Null", key, r.choice([["true"], ["false"], "true", "false"])
        kind, values = KEYS[key]
        negated = bool(NEGATED[kind]) and r.random() < 0.3
        operator = r.choice((NEGATED if negated else POSITIVE)[kind])
        carried = self.context.get(key)
        candidates = carried if isinstance(carried, list) else [carried]
        chosen = [v for v in candidates if v is not None and r.random() < (1 - likely if negated else likely)]
        chosen += r.sample(values, r.choice([0, 1])) or ([] if chosen else [r.choice(values)])
        chosen = [self.bend(operator, kind, value) for value in chosen]
        if r.random() < 0.2:
            operator += "IfExists"
        if key in MULTIVALUED:
            operator = r.choice(["ForAnyValue:", "ForAllValues:"]) + operator
        elif r.random() < 0.04:
            operator = "ForAllValues:" + operator
        return operator, key if r.random() < 0.9 or "/" in key else key.swapcase(), self.loose(chosen)

    def loose(self, written: Json) -> Json:
        """A list of one is now and then written without its brackets, as people do."""
        return written[0] if isinstance(written, list) and len(written) == 1 and self.r.random() < 0.3 else written

    def bend(self, operator: str, kind: Kind, value: str) -> str:
        """Write a policy's value with the wildcards, ranges and variables that *operator* understands."""
        r, ways = self.r, [value]
        if kind is Kind.IP:
            ways = [value, value.rsplit(".", 1)[0] + ".0/24"] if "." in value else [value.removesuffix("1") + "/64"]
        elif kind is Kind.ARN and r.random() < 0.3:
            head, tail = value.rsplit(":", 1)
            ways = [f"{head}:*", f"{head}:{tail[:5]}*", value.replace("us-east-1", "*")]
        elif kind is Kind.STRING and r.random() < 0.12:
            ways = ["${aws:PrincipalTag/team}", "${aws:PrincipalTag/colour, 'red'}", "${aws:PrincipalAccount}"]
        elif kind is Kind.STRING and operator.endswith("Like"):
            ways = [value, value[:2] + "*", "?" + value[1:], "*", "*" + value[-2:], value.replace("*", "${*}")]
        elif kind is Kind.STRING and operator.endswith("IgnoreCase"):
            ways = [value.upper(), value]
        return r.choice(ways)

    def principals(self) -> Json:
        """A Principal element that names the caller in one of its forms, or someone else."""
        r, hit = self.r, self.r.random() < 0.75
        if r.random() < 0.12:
            return r.choice(["*", {"AWS": "*"}])
        if not self.principal.startswith("arn:"):
            return {"Service": self.principal if hit and self.principal != "*" else "ec2.amazonaws.com"}
        account = self.account if hit else ACCOUNTS[-1]
        forms = [account, f"arn:aws:iam::{account}:root"]
        forms += [self.principal, BEHIND.get(self.principal, self.principal)] if hit else r.sample(PRINCIPALS[:6], 2)
        chosen = r.sample(forms, r.choice([1, 1, 2]))
        return r.choice(
            [{"AWS": chosen if len(chosen) > 1 else chosen[0]}, {"AWS": chosen, "Service": "ec2.amazonaws.com"}]
        )

    def not_principal(self) -> Json:
        """A NotPrincipal that exempts the caller in all the forms AWS asks for, or exempts someone else."""
        if not self.principal.startswith("arn:"):
            return {
                "Service": self.r.choice([self.principal, "ec2.amazonaws.com"])
                if self.principal != "*"
                else "ec2.amazonaws.com"
            }
        if self.r.random() < 0.3:
            return {"AWS": f"arn:aws:iam::{ACCOUNTS[-1]}:user/nobody"}
        forms = {self.principal, BEHIND.get(self.principal, self.principal), f"arn:aws:iam::{self.account}:root"}
        return {"AWS": sorted(forms)}
