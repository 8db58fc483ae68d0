"""Exceptions: what an account's file lets pass, who answers for it, and until when.

An exception makes a violation advice that names its owner and reason. Expired, it excuses nothing and the violation
says so. What excused nothing is reported, so that exceptions do not outlive what they were for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from policies.evaluate import FAILED, Finding, Settings, evaluate
from policies.rules import REGISTRY, Resource, Rule
from zone.specs.problems import Problem, meant

if TYPE_CHECKING:  # reading the accounts' files takes longer than all rules: a plain list needs none of it
    from zone.specs.account import PolicyException
    from zone.specs.tree import Specs

UNUSED: Final = "exception-unused"
"""Rule of the finding that says that an exception excuses nothing."""

NO_EXCEPTIONS: Final = frozenset(
    {
        *("no-hardcoded-credentials", "iam-no-users", "iam-no-admin-star", "iam-trust-github-oidc-sub"),
        *("s3-no-public-acl", "s3-policy-no-public-principal", "kms-no-wildcard-principal", "ecr-policy-not-public"),
        *("sm-labeling-private-workforce", "sm-notebook-lifecycle-no-secrets", "sm-studio-lifecycle-no-secrets"),
    }
)
"""Rules that take no exception: nobody may publish data or keep credentials in clear text, whoever answers for it."""


def exception_problems(specs: "Specs") -> Iterator[Problem]:
    """Yield what is wrong with the exceptions of all accounts: the files' own checks know no rules."""
    for key, spec in specs.accounts.items():
        for index, exception in enumerate(spec.policy_exceptions):
            if exception.rule not in REGISTRY:
                likely = meant(exception.rule, REGISTRY)
                text = f"no such rule, got {exception.rule}{likely}; `./mlz policy rules` lists them"
            elif exception.rule in NO_EXCEPTIONS:
                text = f"{exception.rule} takes no exceptions; remove it and {REGISTRY[exception.rule].remedy}"
            elif spec.kind in {"logs", "security"}:
                text = f"no stack of its own deploys a {spec.kind} account, so it would excuse nothing; remove it"
            else:
                continue
            yield specs.sources[key].problem(("policy_exceptions", index, "rule"), text)


def excuse(
    finding: Finding, exceptions: Iterable["PolicyException"], today: date
) -> tuple[Finding, "PolicyException | None"]:
    """Return *finding* as the account's exceptions leave it, and the exception that excused it."""
    if finding["rule"] == FAILED:
        return finding, None
    mine = [each for each in exceptions if each.rule == finding["rule"] and fnmatchcase(finding["name"], each.resource)]
    for exception in mine:
        if exception.rule not in NO_EXCEPTIONS and today <= exception.expires:
            if finding["unknown"]:  # nothing to excuse yet, but what `up` may need is not called unused
                return finding, exception
            why = f"excepted until {exception.expires} by {exception.owner}: {exception.reason}"
            return {**finding, "level": "advisory", "message": f"{finding['message']} ({why})"}, exception
    for exception in mine if not finding["unknown"] else ():
        why = (
            "the rule takes no exceptions"
            if exception.rule in NO_EXCEPTIONS
            else f"the exception of {exception.owner} expired on {exception.expires}"
        )
        return {**finding, "message": f"{finding['message']} ({why})"}, None
    return finding, None


def unused(exceptions: Sequence["PolicyException"], used: Iterable["PolicyException"]) -> list[Finding]:
    """Return a finding for each of *exceptions* that excused nothing."""
    known = set(used)
    return [
        {
            "rule": UNUSED,
            "level": "advisory",
            "severity": "low",
            "type": "mlz:accounts:PolicyException",
            "name": exception.resource,
            "message": f"the exception of {exception.owner} from {exception.rule} for {exception.resource} excuses "
            "nothing",
            "remedy": "remove it from policy_exceptions in the account's file",
            "unknown": False,
        }
        for exception in exceptions
        if exception not in known
    ]


def judged(
    resources: Iterable[Resource],
    settings: Settings,
    exceptions: Sequence["PolicyException"],
    today: date,
    *,
    wanted: Callable[[Rule], bool] = lambda _: True,
) -> list[Finding]:
    """Run every *wanted* rule over a stack's *resources* and apply its account's exceptions."""
    pairs = [excuse(finding, exceptions, today) for finding in evaluate(resources, settings, wanted=wanted)]
    return [finding for finding, _ in pairs] + unused(exceptions, [by for _, by in pairs if by])
