"""Short ways to write policies and to ask both evaluators: the compiled one and the naive one must always agree."""

import json
from typing import Any

from checks.access.lines import answers
from tests.access import naive

Json = Any
ALICE = "arn:aws:sts::111111111111:assumed-role/trainer/alice"
TRAINER = "arn:aws:iam::111111111111:role/trainer"
CAROL = "arn:aws:iam::111111111111:user/carol"
HOME, AWAY = "111111111111", "222222222222"
OBJECT = "arn:aws:s3:::amzn-s3-demo-bucket/train.csv"


def allow(action: Json = "*", resource: Json = "*", condition: Json = None, **more: Json) -> Json:
    """An Allow statement."""
    return statement("Allow", action, resource, condition, **more)


def deny(action: Json = "*", resource: Json = "*", condition: Json = None, **more: Json) -> Json:
    """A Deny statement."""
    return statement("Deny", action, resource, condition, **more)


def statement(effect: str, action: Json, resource: Json, condition: Json, **more: Json) -> Json:
    """A statement; an element that is None is left out, *more* adds NotAction and its like."""
    elements = {"Effect": effect, "Action": action, "Resource": resource, "Condition": condition, **more}
    return {name: value for name, value in elements.items() if value is not None}


def policy(*statements: Json, version: str = "2012-10-17") -> Json:
    """A policy document."""
    return {"Version": version, "Statement": list(statements)}


def ask(
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    *,
    by: str = ALICE,
    owner: str = HOME,
    context: Json = None,
    identity: Json = None,
    boundary: Json = None,
    session: Json = None,
    bucket: Json = None,
    scps: Json = (),
    rcps: Json = (),
    endpoint: Json = None,
) -> str:
    """Decide one request; *identity*, *boundary* … are policies, *scps* and *rcps* lists of levels of policies."""
    line: Json = {
        "id": 1,
        "request": {
            "principal": by,
            "action": action,
            "resource": resource,
            "resourceAccount": owner,
            "context": context or {},
        },
        "identityPolicies": named(identity),
        "permissionBoundaries": named(boundary) or None,
        "sessionPolicy": session,
        "resourcePolicy": bucket,
        "serviceControlPolicies": levels(scps),
        "resourceControlPolicies": levels(rcps),
        "endpointPolicies": named(endpoint),
    }
    return decide(line)


def holds(operator: str, key: str, wanted: Json, carried: Json) -> bool:
    """Whether one condition is met by a request that carries *carried* under the key; None: it has no such key."""
    context = {} if carried is None else {key: carried}
    return "Allowed" == ask(context=context, identity=policy(allow(condition={operator: {key: wanted}})))


def named(document: Json) -> Json:
    """A policy as the JSON lines format lists it."""
    return [] if document is None else [{"name": "only", "policy": document}]


def levels(documents: Json) -> Json:
    """Levels of control policies, the root first."""
    return [
        {"orgIdentifier": f"level-{i}", "policies": [{"name": f"p{j}", "policy": p} for j, p in enumerate(level)]}
        for i, level in enumerate(documents)
    ]


def decide(line: Json) -> str:
    """Ask both evaluators; a difference between them is a failure of the test that asked."""
    compiled = next(answers([json.dumps(line)]))
    plain = naive.decide(line)
    assert "error" not in compiled, compiled["error"]
    assert plain == compiled["decision"], compiled
    return plain
