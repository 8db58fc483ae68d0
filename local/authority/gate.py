"""Each call is decided before anything answers it: by what the emulated AWS holds at that moment.

    gate = Gate()
    refusal = gate.refusal(call, access_key="ASIA…")     # None: go on

What the evaluator cannot know, and what nobody has written a row of dependent rights for, is counted and listed, never
silently allowed.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from checks.access import Caller, Decision, Layer, Verdict, evaluate, request
from checks.access.request import Request
from local.authority import lockout, web_identity
from local.authority.actions import action_of
from local.authority.asking import side_of
from local.authority.held import bucket_owner, caller_of, known_arn
from local.authority.keys import context_of, own_keys, principal_keys
from local.authority.lockout import locked_out
from local.authority.network import Network, UnreachableError, network_of
from local.authority.resource_policies import target_of
from local.authority.resource_tags import with_tags
from local.authority.resources import resources_of
from local.authority.rights import Right, known, rights_of
from local.authority.roles import out_of_reach, unknown_role
from local.authority.service_linked import not_needed
from local.authority.signer import Signer, signer
from local.authority.young import YOUNG
from local.handlers.accounts import enter
from local.handlers.operation import Call

_MOST_KEPT: Final = 200
"""Refusals kept for the run's end."""

_ACROSS: Final = frozenset({"account", "controltower", "organizations", "sts"})
_MOST_NOTED: Final = 5000

_WORDS: Final = {
    Layer.SERVICE_CONTROL: "service control policy",
    Layer.RESOURCE_CONTROL: "resource control policy",
    Layer.ENDPOINT: "VPC endpoint policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.IDENTITY: "identity-based policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.PUBLIC_ACCESS: "resource-based policy",
}
"""AWS's words. Source: IAM User Guide, "Troubleshoot access denied error messages", read 2026-11-29."""


class Refused(NamedTuple):
    """Why a call was refused."""

    code: str
    """AWS's error code before a service's own spelling: AccessDenied or InvalidClientTokenId."""

    message: str
    """As AWS words it."""

    why: str
    """For our log and screen: layer, policy, statement, what is missing."""

    spelt: bool = False
    """Whether code and message are the service's own already."""


@dataclass
class Gate:
    """Decides calls and remembers what came of it."""

    allowed: int = 0
    """Calls let through [count]."""

    refusals: list[dict[str, str]] = field(default_factory=list)
    """The last refused calls: who, action, resource, why."""

    refused: int = 0
    """Calls refused [count]."""

    seconds: float = 0.0
    """Time it took to decide [s]."""

    unsupported: Counter[str] = field(default_factory=Counter)
    """What the evaluator could not know, by action and reason."""

    without_action: Counter[str] = field(default_factory=Counter)
    """Operations for which AWS's reference lists no IAM action; let through."""

    without_row: Counter[str] = field(default_factory=Counter)
    """Actions that write and have no row of dependent rights."""

    journal: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_NOTED))
    """The last calls to services that work across accounts: who asked what, about whom."""

    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def refusal(self, call: Call, *, access_key: str, vpc_id: str = "", plain: bool = False) -> Refused | None:
        """Return why AWS would refuse *call*; None where it goes through.

        Args:
            call: the request.
            access_key: whose credentials signed it.
            vpc_id: the VPC it comes through; empty: from outside.
            plain: whether it comes without TLS.
        """
        started = time.perf_counter()
        try:
            return self._refusal(call, access_key, vpc_id, plain)
        finally:
            self.seconds += time.perf_counter() - started

    def _refusal(self, call: Call, access_key: str, vpc_id: str, plain: bool) -> Refused | None:
        if call.operation == "AssumeRole":
            enter(str(call.params.get("RoleArn", "")))
        if call.operation == web_identity.OPERATION:  # unsigned: the token says who asks
            return self._noted(call, web_identity.refused_token(call))
        who = signer(access_key)
        if who is None:
            return Refused("InvalidClientTokenId", "The security token included in the request is invalid", access_key)
        action = action_of(call)
        with self._guard:
            YOUNG.next_call()
            if call.service in _ACROSS:
                self.journal.append({"who": who.arn, "call": f"{call.service} {call.operation}", "asked": call.params})
            if action is None:
                self.without_action[f"{call.service}:{call.operation}"] += 1
                return None
            try:
                network = network_of(call, vpc_id)
                refused = self._decided(call, who, action, network.without_tls() if plain else network)
            except UnreachableError as error:
                refused = Refused("Unreachable", str(error), "network")
            if refused:
                self.refused += 1
                self.refusals = [*self.refusals, _record(call, who, refused)][-_MOST_KEPT:]
            else:
                self.allowed += 1
            return refused

    def _noted(self, call: Call, refused: tuple[str, str, str] | None) -> Refused | None:
        """Count a decision on a token."""
        with self._guard:
            if refused is None:
                self.allowed += 1
                return None
            self.refused += 1
            code, message, why = refused
            record = {"who": "a token", "call": f"{call.service} {call.operation}", "message": message, "why": why}
            self.refusals = [*self.refusals, record][-_MOST_KEPT:]
            return Refused(code, message, why, spelt=True)

    def further(
        self, call: Call, action: str, resource: str, *, who: str, via: str, context: Mapping[str, object]
    ) -> str | None:
        """Return AWS's refusal of a right that shows only while *call*, which was let through, is being done.

        Args:
            call: the call.
            action: the IAM action that is needed.
            resource: its ARN.
            who: caller, or the ARN of a role.
            via: the service that asks in the name of *who*.
            context: further condition keys.
        """
        asks = signer(call.key)
        if asks is None:
            return "The security token included in the request is invalid"
        right = Right(who, action, resource, context, via, subnet="", or_caller=False, alone=False)
        with self._guard:
            refused = self._further(call, asks, principal_keys(call, asks), right)
            if refused:
                self.refused += 1
                self.refusals = [*self.refusals, _record(call, asks, refused)][-_MOST_KEPT:]
            return refused.message if refused else None

    def report(self) -> dict[str, Any]:
        """Return the counts and lists for a run's end."""
        return {
            "allowed": self.allowed,
            "refused": self.refused,
            "seconds": self.seconds,
            "refusals": self.refusals,
            "unsupported": dict(self.unsupported),
            "withoutAction": dict(self.without_action),
            "withoutRow": dict(self.without_row),
        }

    def _decided(self, call: Call, who: Signer, action: str, network: Network) -> Refused | None:
        if action == "sts:AssumeRole" and (why := out_of_reach(call.params["RoleArn"])):
            return Refused("AccessDenied", _asks(who.arn, action, call.params["RoleArn"]), why)
        caller = caller_of(who, network.endpoints)
        context = context_of(call, who, action, network=network.context)
        for resource in resources_of(call, action, lambda kind, name: known_arn(call.account, call.region, kind, name)):
            if refused := self._ask(caller, action, resource, account=call.account, context=context):
                return refused
        if locked_out(call, action, caller, context):
            return Refused(lockout.CODE, lockout.MESSAGE, "the new key policy")
        for right in rights_of(call, action):
            if words := unknown_role(call, right):
                return Refused(*words, "the role is new", spelt=True)
            if not not_needed(right) and (refused := self._further(call, who, context, right)):
                return refused
        if not known(action) and not action.partition(":")[2].startswith(("Get", "List", "Describe", "Head", "View")):
            self.without_row[action] += 1
        return None

    def _further(self, call: Call, who: Signer, context: Mapping[str, object], right: Right) -> Refused | None:
        """Ask for one dependent right."""
        asking, keys = side_of(call, who, context, right)
        refused = self._ask(asking, right.action, right.resource, account=call.account, context=keys)
        if refused and right.or_caller and right.who != "caller":
            return self._further(call, who, context, right._replace(who="caller")) and refused
        return refused

    def _ask(
        self, caller: Caller, action: str, resource: str, *, account: str, context: Mapping[str, object]
    ) -> Refused | None:
        # Somebody else may have a bucket of that name: that is no matter of rights (BucketAlreadyExists).
        made = action == "s3:CreateBucket"
        owner = account if made else _owner(resource, account)
        keys = {**own_keys(action, resource, caller.principal.account, owner), **context}
        asked: Request = request(caller.principal.text, action, resource, resource_account=owner, context=keys)
        decision = evaluate(with_tags(asked), caller, target_of(resource, owner, made=made))
        if decision.unsupported:
            self.unsupported[f"{action}: {decision.unsupported}"] += 1
        return None if decision.allowed else Refused("AccessDenied", _message(asked, decision), _why(decision))


def _owner(resource: str, account: str) -> str:
    """Account of a resource: the ARN's, a bucket's owner, else the caller's."""
    parts = resource.split(":")
    if resource.startswith("arn:aws:s3:::"):
        return bucket_owner(parts[5].split("/")[0]) or account
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else account  # noqa: PLR2004 - the six parts of an ARN


def _message(asked: Request, decision: Decision) -> str:
    """AWS's own sentence."""
    words = _WORDS[decision.layer]
    explicit = decision.verdict is Verdict.EXPLICITLY_DENIED
    because = (
        f"with an explicit deny in a {words}" if explicit else f"because no {words} allows the {asked.action} action"
    )
    return f"{_asks(asked.principal.text, asked.action, asked.resource)} {because.replace('a identity', 'an identity')}"


def _asks(who: str, action: str, resource: str) -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}"


def _why(decision: Decision) -> str:
    parts = [decision.layer.value, decision.policy, decision.statement, decision.missing]
    return " / ".join(str(part) for part in parts if part)


def _record(call: Call, who: Signer, refused: Refused) -> dict[str, str]:
    return {
        "who": who.arn,
        "call": f"{call.service} {call.operation}",
        "message": refused.message,
        "why": refused.why,
    }
