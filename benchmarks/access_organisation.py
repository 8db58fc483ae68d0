"""CPU seconds and memory to decide every role against every data resource of a large organisation.

200 accounts, each with 12 roles and 12 data resources; every role asks for every resource, one action each. Run with
`python -m benchmarks.access_organisation [accounts]`.
"""

import resource
import sys
import time
from collections import Counter
from itertools import pairwise

from checks.access import Caller, PolicyKind, Request, Target, compile_policy, evaluate, principal

ROLES = DATA = 12
ACTIONS = {
    "s3": ("s3:GetObject", "arn:aws:s3:::mlz-{key}-data-{n}/features/day=1/part-0.parquet"),
    "kms": ("kms:Decrypt", "arn:aws:kms:eu-west-1:{account}:key/{n:08d}-0000-0000-0000-000000000000"),
    "sagemaker": ("sagemaker:GetRecord", "arn:aws:sagemaker:eu-west-1:{account}:feature-group/{key}-{n}"),
}
KINDS = tuple(ACTIONS)


def allow(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions, **more):
    return {"Effect": "Deny", "Action": actions, "Resource": "*", **more}


def policy(kind, *statements):
    return compile_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def service_control():
    full = ("FullAWSAccess", policy(PolicyKind.SERVICE_CONTROL, allow("*", "*")))
    region = deny(
        ["sagemaker:*", "ec2:*", "s3:*"],
        Sid="OnlyOurRegions",
        Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    )
    leave = deny(["organizations:LeaveOrganization", "account:*"], Sid="Stay")
    shape = deny(
        "sagemaker:Create*",
        Sid="OnlyTheseShapes",
        Condition={"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["ml.m5.*", "ml.g5.*"]}},
    )
    guard = ("guardrails", policy(PolicyKind.SERVICE_CONTROL, region, leave, shape))
    return [("root", [full, guard]), ("ou-ml", [full]), ("account", [full])]


def resource_control():
    outside = deny(
        ["s3:*", "kms:*", "sts:*", "sqs:*", "secretsmanager:*"],
        Sid="OnlyOurOrganisation",
        Principal="*",
        Condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    return [("root", [("perimeter", policy(PolicyKind.RESOURCE_CONTROL, outside))])]


def arn(kind, index, n):
    return ACTIONS[kind][1].format(key=f"team{index}", n=n, account=account(index))


def account(index):
    return f"{200_000_000_000 + index}"


def callers(index, levels):
    """An account's roles: their own data, and a boundary that keeps them from IAM."""
    key, number = f"team{index}", account(index)
    boundary = policy(
        PolicyKind.IDENTITY,
        allow(["s3:*", "kms:*", "sagemaker:*", "logs:*"], "*"),
        deny("iam:*", Sid="NoIam"),
    )
    endpoint = policy(
        PolicyKind.ENDPOINT,
        allow("*", "*", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
    )
    for n in range(ROLES):
        identity = policy(
            PolicyKind.IDENTITY,
            allow(["s3:GetObject", "s3:PutObject"], [f"arn:aws:s3:::mlz-{key}-data-{d}/*" for d in range(n + 1)]),
            allow("s3:GetObject", [f"arn:aws:s3:::mlz-team{index + 1}-data-0/*"], Sid="Shared"),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:eu-west-1:{number}:key/*"),
            allow("sagemaker:*Record", f"arn:aws:sagemaker:eu-west-1:{number}:feature-group/{key}-*"),
        )
        who = principal(f"arn:aws:iam::{number}:role/mlz/mlz-role-{n}")
        yield Caller(
            who,
            identity=[("inline", identity)],
            boundaries=[("mlz-boundary", boundary)],
            service_control=levels,
            endpoints=[("vpce", endpoint)],
        )


def targets(index, levels):
    """An account's data: buckets one of which the neighbour may read, keys, feature groups."""
    for n in range(DATA):
        kind = KINDS[n % len(KINDS)]
        own = f"arn:aws:iam::{account(index)}:root"
        statements = [allow("*" if kind == "kms" else f"{kind}:*", "*", Principal={"AWS": own})]
        if kind == "s3" and n == 0:
            sharer = f"arn:aws:iam::{account(index - 1)}:role/mlz/mlz-role-3"
            statements.append(allow("s3:GetObject", "*", Principal={"AWS": sharer}, Sid="Share"))
        if kind == "s3":
            statements.append(
                deny("s3:*", Sid="TlsOnly", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
            )
        named = None if kind == "sagemaker" else ("policy", policy(PolicyKind.RESOURCE, *statements))
        yield (
            ACTIONS[kind][0],
            arn(kind, index, n),
            account(index),
            Target(policy=named, resource_control=levels),
        )


def main(accounts: int) -> None:
    marks = [time.process_time()]
    service, control = service_control(), resource_control()
    everyone = [caller for index in range(accounts) for caller in callers(index, service)]
    everything = [target for index in range(accounts) for target in targets(index, control)]
    marks.append(time.process_time())
    context = {
        "aws:securetransport": ("true",),
        "aws:requestedregion": ("eu-west-1",),
        "aws:principalorgid": ("o-a1b2c3d4e5",),
    }
    verdicts = Counter(
        evaluate(Request(caller.principal, action, what, owner, context), caller, target).verdict.value
        for caller in everyone
        for action, what, owner, target in everything
    )
    marks.append(time.process_time())
    compiled, decided = (after - before for before, after in pairwise(marks))
    pairs = len(everyone) * len(everything)
    print(f"accounts {accounts}, roles {len(everyone)}, data resources {len(everything)}, pairs {pairs:,}")
    print(f"compile  {compiled:8.2f} s")
    print(f"decide   {decided:8.2f} s   {pairs / decided:,.0f} decisions a second")
    print(f"memory   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB at most")
    for verdict, count in sorted(verdicts.items()):
        print(f"{verdict:18} {count:>10,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
