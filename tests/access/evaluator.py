"""Short ways to ask the evaluator, shared by the tests of checks/access."""

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request

OURS, THEIRS = "111122223333", "444455556666"
USER = f"arn:aws:iam::{OURS}:user/Alice"
ROLE = f"arn:aws:iam::{OURS}:role/team/Analyst"
SESSION = f"arn:aws:sts::{OURS}:assumed-role/Analyst/today"
OBJECT = "arn:aws:s3:::data/part-0"
KEY = f"arn:aws:kms:eu-west-1:{OURS}:key/1234abcd"


def document(*statements, version="2012-10-17"):
    """A policy document."""
    return {"Version": version, "Statement": list(statements)}


def allow(action="*", resource="*", **more):
    """An Allow statement; resource=None leaves the element out."""
    return statement("Allow", action, resource, **more)


def deny(action="*", resource="*", **more):
    """A Deny statement."""
    return statement("Deny", action, resource, **more)


def statement(effect, action, resource, **more):
    """A statement; a Not element takes the place of its positive form."""
    found = {"Effect": effect, "Action": action, "Resource": resource, **more}
    for name in ("Action", "Resource"):
        if found[name] is None or f"Not{name}" in more:
            del found[name]
    return found


def named(kind, documents):
    """Documents, compiled and numbered."""
    return [(f"p{n}", compile_policy(each, kind)) for n, each in enumerate(documents)]


def levels(kind, given):
    """Levels of the organisation: lists of documents from the root down."""
    return [(f"level{n}", named(kind, each)) for n, each in enumerate(given)]


def ask(
    who=ROLE,
    action="s3:GetObject",
    resource=OBJECT,
    *,
    owner=None,
    context=None,
    identity=(),
    boundary=(),
    session=None,
    scp=(),
    rcp=(),
    policy=None,
    endpoint=(),
    management=None,
    restrict_public=False,
):
    """Ask once, with documents for each layer."""
    caller = Caller(
        principal(who),
        identity=named(PolicyKind.IDENTITY, identity),
        boundaries=named(PolicyKind.IDENTITY, boundary),
        session=session and compile_policy(session, PolicyKind.IDENTITY),
        service_control=levels(PolicyKind.SERVICE_CONTROL, scp),
        endpoints=named(PolicyKind.ENDPOINT, endpoint),
        management_account=management,
    )
    target = Target(
        policy=policy and named(PolicyKind.RESOURCE, [policy])[0],
        resource_control=levels(PolicyKind.RESOURCE_CONTROL, rcp),
        restrict_public=restrict_public,
        management_account=management,
    )
    return evaluate(request(who, action, resource, resource_account=owner, context=context), caller, target)


def verdict(*args, **kwargs):
    """As ask(), only the answer; with a ? where it is not certain."""
    found = ask(*args, **kwargs)
    return found.verdict.value + ("?" if found.unsupported else "")


def holds(condition, context=None, *, who=ROLE, version="2012-10-17"):
    """Whether a Condition element holds: True, False, or None where AWS does not document it."""
    policy = document(allow(Condition=condition), version=version)
    found = ask(who, context=context, identity=[policy])
    return None if found.unsupported else found.allowed


ALLOWED, DENIED, FORBIDDEN = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
