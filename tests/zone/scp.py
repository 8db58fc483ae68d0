"""Decide whether a service control policy refuses a request: the operators our guardrails use, as IAM defines them."""

from fnmatch import fnmatchcase


def refuses(document, action, resource="*", **context):
    """Whether a statement denies; in *context* a key's colon is written __, so aws__PrincipalArn."""
    keys = {name.replace("__", ":", 1): value for name, value in context.items()}
    return any(
        _names_action(statement, action)
        and any(fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        and all(
            _holds(operator, keys.get(key), wanted)
            for operator, pairs in statement.get("Condition", {}).items()
            for key, wanted in pairs.items()
        )
        for statement in document["Statement"]
    )


def _names_action(statement, action):
    if "NotAction" in statement:
        return not any(fnmatchcase(action, pattern) for pattern in statement["NotAction"])
    return any(fnmatchcase(action, pattern) for pattern in statement["Action"])


def _holds(operator, value, wanted):
    wanted = wanted if isinstance(wanted, list) else [wanted]
    like = isinstance(value, str) and any(fnmatchcase(value, pattern) for pattern in wanted)
    many = value if isinstance(value, list) else []
    return {
        "Null": [str(value is None).lower()] == wanted,
        "StringEquals": value in wanted,
        "StringNotEquals": value not in wanted,
        "Bool": value in wanted,
        "BoolIfExists": value is None or value in wanted,
        "ArnLike": like,
        "ArnNotLike": not like,
        "ForAnyValue:StringNotEquals": any(one not in wanted for one in many),
        "ForAnyValue:StringNotLike": any(not any(fnmatchcase(one, pattern) for pattern in wanted) for one in many),
    }[operator]
