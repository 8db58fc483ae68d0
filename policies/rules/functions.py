"""Lambda functions, state machines."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from policies.rules._reach import is_anybody, is_unbounded
from policies.rules._secrets import secret_in
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule

DEPRECATED: Final[Mapping[str, str]] = json.loads((Path(__file__).parent / "lambda_runtimes.json").read_text())[
    "deprecated"
]
"""Runtime → day AWS deprecated it."""


rule("lambda-in-vpc", "set vpcConfig to the account's subnets and security group")(
    present("vpcConfig.subnetIds", "vpcConfig.securityGroupIds")
)


@rule("lambda-no-env-secrets", "read the secret from Secrets Manager at run time")
def no_secrets(r: Reader) -> Iterator[str]:
    """By the variable's name, or by what is in it."""
    variables = r.get("environment.variables")
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        known = r.each(f"environment.variables.{name}") if "." not in str(name) else [(name, value)]
        for _, text in known:
            if found := secret_in(str(name), text):
                yield f"environment variable {name} holds {found}"


@rule("lambda-supported-runtime", "use a runtime AWS supports")
def runtime(r: Reader) -> Iterator[str]:
    """A function from an image has none."""
    for shown, value in r.each("runtime"):
        if isinstance(value, str) and value in DEPRECATED:
            yield f"{shown} {value} is deprecated since {DEPRECATED[value]}"


@rule("lambda-permission-not-public", "set sourceArn, sourceAccount or principalOrgId")
def permission_not_public(r: Reader) -> Iterator[str]:
    """Principal * with none of the three is everyone."""
    if r.none_of(("principal", lambda value: not is_anybody(str(value))), *_sources("principalOrgId")):
        yield f"principal is {r.get('principal')} without a source"


@rule("lambda-permission-source", "set sourceArn or sourceAccount")
def permission_source(r: Reader) -> Iterator[str]:
    """A service acts for whoever asks it."""
    if r.none_of(
        ("principal", lambda value: ".amazonaws.com" not in str(value)),
        *_sources(),
    ):
        yield f"principal {r.get('principal')} may act for any account"


def _sources(*more: str) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """Walk where a permission may name who asks, each with what must hold for a value that bounds."""
    return ((name, partial(_bounds, f"aws:{name.lower()}")) for name in ("sourceAccount", "sourceArn", *more))


def _bounds(key: str, value: Any) -> bool:
    return is_set(value) and not is_unbounded(key, str(value))


@rule("lambda-url-auth", "set authorizationType to AWS_IAM and name the origins")
def url_auth(r: Reader) -> Iterator[str]:
    """NONE is the internet."""
    yield from r.unless("authorizationType", "AWS_IAM")
    for shown, origin in r.each("cors.allowOrigins[]"):
        if origin == "*":
            yield f"{shown} is *"


@rule("sfn-logging", "set loggingConfiguration.level to ALL or ERROR, and includeExecutionData")
def state_machine_logs(r: Reader) -> Iterator[str]:
    """OFF is what AWS takes where nothing is said; FATAL leaves out the errors a state machine handles."""
    yield from r.unless("loggingConfiguration.level", "ALL", "ERROR", default="OFF")
    path = "loggingConfiguration.includeExecutionData"
    if not is_true(r.get(path)):
        yield f"{path} is {shown_value(r.get(path), False)}"
