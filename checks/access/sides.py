"""The two sides of a request: what travels with the principal and what belongs to the resource.

Both keep, per action, the few statements that can matter. So one Caller against many Targets (or the reverse) shares
all work but the comparisons.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from checks.access.policy import Policy, Statement, Test
from checks.access.principals import Principal, PrincipalKind
from checks.access.public import is_public
from checks.access.request import Request
from checks.access.reserved import may_be_kept
from checks.access.result import Decision, Layer, Verdict

Named = tuple[str, Policy]
"""A policy and the name it is attached under."""
Candidate = tuple[Test, Decision, Statement]
"""The test of a statement that matches the action, the answer it gives where it decides, and itself."""

RCP_SERVICES = frozenset(
    ("s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "cognito-idp", "cognito-identity", "logs", "dynamodb")
)
"""Services whose resources RCPs apply to; others they do not limit.

Source: Organizations User Guide, "Resource control policies", with the announcements of January (Cognito, CloudWatch
Logs) and February 2026 (DynamoDB), read 2026-11-21.
"""

_NEEDS_RESOURCE_POLICY = {"kms": ":key/", "sts": ":role/"}
"""Resources (by a part of their ARN) that nobody reaches, not even their own account, unless their policy says so.

Source: IAM User Guide, "Policy evaluation logic", step "Resource-based policies", read 2026-11-21.
"""

_USERS = frozenset({PrincipalKind.USER, PrincipalKind.ROOT})
_FREE = {
    "sts:getcalleridentity": _USERS | {PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.FEDERATED_USER},
    "sts:getsessiontoken": _USERS,
}
"""Who calls what without any permission, denied or not.

Source: STS API Reference, GetCallerIdentity and GetSessionToken, read 2026-11-21.
"""

_NO_RESOURCE_POLICY = frozenset({"kms:retiregrant"})
"""Actions that no policy of the resource allows or denies, neither its own nor an RCP.

Source: KMS Developer Guide, "Retiring and revoking grants", read 2026-11-29.
"""

Replace = Callable[[Statement], Test]
"""What makes another test of a statement."""


def _replaced(candidates: tuple[Candidate, ...], test_of: Replace) -> tuple[Candidate, ...]:
    return tuple((test_of(statement), decision, statement) for _, decision, statement in candidates)


class Gate(NamedTuple):
    """A layer, or one level of it, that has to allow."""

    allows: tuple[Candidate, ...]
    closed: Decision
    """The answer where none of them holds."""

    def replaced(self, test_of: Replace) -> "Gate":
        """The same gate with other tests."""
        return self._replace(allows=_replaced(self.allows, test_of))


class CallerPlan(NamedTuple):
    """What the caller's side has to say of one action."""

    free: Decision | None
    """The answer, for an action that needs no permission and can't be denied."""
    kept: bool
    """Whether AWS keeps some names from the action."""
    denies: tuple[Candidate, ...]
    gates: tuple[Gate, ...]
    """Service control levels and endpoint: limit every request."""
    identity: tuple[Candidate, ...]
    limits: tuple[Gate, ...]
    """Boundaries and session policies: limit what identity policies and grants to the role give."""

    def replaced(self, test_of: Replace) -> "CallerPlan":
        """The same plan with other tests."""
        return self._replace(
            denies=_replaced(self.denies, test_of),
            gates=tuple(gate.replaced(test_of) for gate in self.gates),
            identity=_replaced(self.identity, test_of),
            limits=tuple(gate.replaced(test_of) for gate in self.limits),
        )


class TargetPlan(NamedTuple):
    """What the resource's side has to say of one action."""

    guardrails: tuple[Candidate, ...]
    """Denies of resource control policies."""
    denies: tuple[Candidate, ...]
    allows: tuple[Candidate, ...]
    marker: str
    """Part of the ARN of resources whose own policy has to allow; empty for most services."""

    def replaced(self, test_of: Replace) -> "TargetPlan":
        """The same plan with other tests."""
        return self._replace(
            guardrails=_replaced(self.guardrails, test_of),
            denies=_replaced(self.denies, test_of),
            allows=_replaced(self.allows, test_of),
        )


class Part(NamedTuple):
    """Policies that speak with one voice: a layer, or one level of it."""

    layer: Layer
    level: str
    """Level of the organisation, where the layer has any."""
    policies: tuple[Named, ...]

    def statements(self, action: str, *, bounded: bool) -> Iterator[tuple[str, Statement]]:
        """Statements whose action element matches *action* (in lower case), each with its policy's name.

        Args:
            action: in lower case.
            bounded: whether the requester has a permissions boundary.
        """
        for name, policy in self.policies:
            for statement in policy.for_action(action):
                yield name, statement.for_bounded() if bounded else statement

    def candidates(self, action: str, *, allow: bool, bounded: bool = False) -> tuple[Candidate, ...]:
        """Statements of one effect, and the answers they give."""
        verdict = Verdict.ALLOWED if allow else Verdict.EXPLICITLY_DENIED
        return tuple(
            (statement.test, Decision(verdict, self.layer, name, statement.text.label), statement)
            for name, statement in self.statements(action, bounded=bounded)
            if statement.text.allow is allow
        )

    def gates(self, action: str) -> tuple[Gate, ...]:
        """The gate these policies make; nothing where a statement opens it for every request."""
        allows = self.candidates(action, allow=True)
        if any(statement.always for _, _, statement in allows):
            return ()
        at = f" of {self.level}" if self.level else ""
        missing = f"no statement in {self.layer}{at} allows it"
        return (Gate(allows, Decision(Verdict.IMPLICITLY_DENIED, self.layer, self.level or None, missing=missing)),)


class Caller:
    """A principal and the policies that travel with it."""

    def __init__(
        self,
        principal: Principal,
        *,
        identity: Sequence[Named] = (),
        boundaries: Sequence[Named] = (),
        session: Policy | None = None,
        service_control: Sequence[tuple[str, Sequence[Named]]] = (),
        endpoints: Sequence[Named] = (),
        management_account: str | None = None,
    ) -> None:
        """Policies that the principal brings.

        Args:
            principal: who asks.
            identity: inline, managed and group policies.
            boundaries: permissions boundary; each one given must allow.
            session: policy handed over when the session was made.
            service_control: level of the organisation → its policies, from the root down; each level must allow.
            endpoints: policy of the VPC endpoint the request goes through; each one given must allow.
            management_account: account that service control policies do not reach [12 digits].
        """
        self.principal = principal
        governed = principal.account not in {"", management_account} and not principal.service_linked
        self.guardrails = tuple(
            Part(Layer.SERVICE_CONTROL, level, tuple(policies)) for level, policies in service_control if governed
        ) + tuple(Part(Layer.ENDPOINT, "", (each,)) for each in endpoints)
        """Each limits every request."""
        self.identity = Part(Layer.IDENTITY, "", tuple(identity))
        self.bounded = bool(boundaries)
        self.limits = tuple(Part(Layer.BOUNDARY, "", (each,)) for each in boundaries)
        """Each limits what identity policies and grants to the role give."""
        if session is not None:
            self.limits += (Part(Layer.SESSION, "", ((Layer.SESSION.value, session),)),)
        elif principal.kind is PrincipalKind.FEDERATED_USER:
            # Without a session policy GetFederationToken gives no permissions. Source: IAM User Guide, "Permissions
            # for GetFederationToken", read 2026-11-21.
            self.limits += (Part(Layer.SESSION, "", ()),)
        self._plans: dict[str, CallerPlan] = {}

    def plan(self, action: str) -> CallerPlan:
        """What the policies say of *action*; worked out once."""
        found = self._plans.get(action)
        if found is None:
            found = self._plans[action] = self._plan(action.lower())
        return found

    def _plan(self, action: str) -> CallerPlan:
        parts = (*self.guardrails, self.identity, *self.limits)
        free = self.principal.kind in _FREE.get(action, ())
        return CallerPlan(
            free=Decision(Verdict.ALLOWED, Layer.IDENTITY, None, "needs no permission") if free else None,
            kept=may_be_kept(action),
            denies=tuple(each for part in parts for each in part.candidates(action, allow=False, bounded=self.bounded)),
            gates=tuple(gate for part in self.guardrails for gate in part.gates(action)),
            identity=self.identity.candidates(action, allow=True),
            limits=tuple(gate for part in self.limits for gate in part.gates(action)),
        )


class Target:
    """A resource's own policy and the guardrails of its account."""

    def __init__(
        self,
        *,
        policy: Named | None = None,
        resource_control: Sequence[tuple[str, Sequence[Named]]] = (),
        restrict_public: bool = False,
        management_account: str | None = None,
    ) -> None:
        """Policies that the resource brings.

        Args:
            policy: bucket, key, queue, trust … policy; None where the resource has none.
            resource_control: level of the organisation → its policies.
            restrict_public: S3's RestrictPublicBuckets is on for the bucket, its account or its organisation.
            management_account: account whose resources resource control policies do not reach [12 digits].
        """
        self.policy = Part(Layer.RESOURCE, "", (policy,) if policy else ())
        self.control = tuple(Part(Layer.RESOURCE_CONTROL, level, tuple(named)) for level, named in resource_control)
        self._management_account = management_account
        self.closed_to_others = bool(restrict_public and policy and is_public(policy[1]))
        """Whether S3 keeps everyone out but the own account and services, because the policy is public."""
        self._plans: dict[tuple[str, bool], TargetPlan] = {}

    def guarded(self, request: Request) -> bool:
        """Whether resource control policies apply to *request*."""
        return not request.principal.service_linked and request.account != self._management_account

    def plan(self, action: str, *, bounded: bool) -> TargetPlan:
        """What the policies say of *action* to a principal with or without boundary; worked out once."""
        found = self._plans.get((action, bounded))
        if found is None:
            found = self._plans[action, bounded] = self._plan(action.lower(), bounded)
        return found

    def _plan(self, action: str, bounded: bool) -> TargetPlan:
        if action in _NO_RESOURCE_POLICY:
            return TargetPlan((), (), (), "")
        service = action.partition(":")[0]
        # RCPFullAWSAccess is attached to every level by AWS, so only denies say anything.
        control = self.control if service in RCP_SERVICES else ()
        return TargetPlan(
            guardrails=tuple(each for part in control for each in part.candidates(action, allow=False)),
            denies=self.policy.candidates(action, allow=False, bounded=bounded),
            allows=self.policy.candidates(action, allow=True),
            marker=_NEEDS_RESOURCE_POLICY.get(service, ""),
        )
