"""AWS's policy evaluation in pure Python: who may do what, and which statement says so."""

from checks.access.document import DocumentError, PolicyKind
from checks.access.evaluate import evaluate
from checks.access.policy import Policy, compile_policy
from checks.access.principals import Principal, principal
from checks.access.request import Request, request
from checks.access.result import Decision, Layer, Verdict
from checks.access.sides import Caller, Target

__all__ = [
    "Caller",
    "Decision",
    "DocumentError",
    "Layer",
    "Policy",
    "PolicyKind",
    "Principal",
    "Request",
    "Target",
    "Verdict",
    "compile_policy",
    "evaluate",
    "principal",
    "request",
]
