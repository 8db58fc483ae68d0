"""What attached policies decide, asked of the evaluator: for guardrails and for the policies packed from them."""

import json

from checks.access import Caller, PolicyKind, Target, Verdict, compile_policy, evaluate
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.packing import text

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FULL_ACCESS = ("FullAWSAccess", compile_policy(EVERYTHING, PolicyKind.SERVICE_CONTROL))
KINDS = {
    PolicyType.SERVICE_CONTROL: PolicyKind.SERVICE_CONTROL,
    PolicyType.RESOURCE_CONTROL: PolicyKind.RESOURCE_CONTROL,
}


def levels(account, unit):
    """Root, OUs and account, from the root down."""
    path = unit.split("/")
    return ["root", *("/".join(path[:length]) for length in range(1, len(path) + 1)), account]


class Held:
    """An account under *attached* policies or guardrails of one type; its principals may do all the rest."""

    def __init__(self, attached, account, unit, kind=PolicyType.SERVICE_CONTROL):
        self.by_level = [
            (
                level,
                [
                    (each.key, compile_policy(json.loads(text(each.document)), KINDS[kind]))
                    for each in attached
                    if each.type is kind and level in each.targets
                ],
            )
            for level in levels(account, unit)
        ]
        self.kind = kind
        self.callers = {}

    def refuses(self, asked):
        """Whether a request by or to the account is explicitly denied."""
        control = self.kind is PolicyType.RESOURCE_CONTROL
        caller = self.callers.get(asked.principal) or self.callers.setdefault(
            asked.principal,
            Caller(
                asked.principal,
                identity=[("all", compile_policy(EVERYTHING, PolicyKind.IDENTITY))],
                service_control=[] if control else [(level, [FULL_ACCESS, *own]) for level, own in self.by_level],
            ),
        )
        target = Target(resource_control=self.by_level if control else ())
        return evaluate(asked, caller, target).verdict is Verdict.EXPLICITLY_DENIED
