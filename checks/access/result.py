"""What the evaluator answers."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """AWS's three answers."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"


class Layer(StrEnum):
    """What may decide: the kinds of policy, under the names of the JSON lines format, and what AWS does by itself."""

    SERVICE_CONTROL = "serviceControlPolicies"
    RESOURCE_CONTROL = "resourceControlPolicies"
    ENDPOINT = "endpointPolicies"
    RESOURCE = "resourcePolicy"
    IDENTITY = "identityPolicies"
    BOUNDARY = "permissionBoundaries"
    SESSION = "sessionPolicy"
    PUBLIC_ACCESS = "blockPublicAccess"
    RESERVED = "reservedNames"


class Decision(NamedTuple):
    """One answer and its reason."""

    verdict: Verdict
    layer: Layer
    """Layer that decided; for an implicit deny the first one that lacks an allow."""
    policy: str | None = None
    """Name of the deciding policy; for a level of the organisation without an allow, that level."""
    statement: str | None = None
    """Sid of the deciding statement, or its place in the policy."""
    missing: str | None = None
    """What would have been needed, on an implicit deny."""
    unsupported: str | None = None
    """Why the answer can't be known; *verdict* is then the one that grants less."""

    @property
    def allowed(self) -> bool:
        """Whether the request goes through, as far as known."""
        return self.verdict is Verdict.ALLOWED


class UnknownMatchError(Exception):
    """AWS documents no answer for this comparison, so neither yes nor no may be said."""
