"""What `mlz access promotions` says: each declared promotion, step by step, with what decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from checks.access import Decision
from checks.promotions import Answer, Proof, StepProof


def reason(decision: Decision) -> str:
    """What decided, in one line."""
    if decision.missing:
        return f"{decision.layer}: {decision.missing}"
    return ", ".join(part for part in (decision.layer, decision.policy, decision.statement) if part)


def show_promotions(found: Sequence[Proof]) -> None:
    """Print the proofs for people."""
    console = Console()
    if not found:
        _say(console, "no promotion is declared: `promote_to` of a team's model says where else it may be deployed", "")
    for proof in found:
        promotion = proof.promotion
        _say(console, f"{promotion.model}: {promotion.owner} → {promotion.taker}", "bold")
        for step in proof.steps:
            _show(console, step)
        asked = ", ".join(proof.asked_of) or "nobody: no policy of the owner names another account"
        others = [other for step in proof.steps for other in step.others]
        _say(console, f"  nobody else: asked {asked}, administrators too" if not others else "", "dim")


def _show(console: Console, step: StepProof) -> None:
    """One step: who may, who should and may not, who may and should not."""
    good = [each for each in step.takers if _sure(each)]
    if good:
        roles = ", ".join(each.role for each in good)
        _say(console, f"  yes  {step.step.title}: {roles} ({reason(good[0].decision)})", "green")
    for each in step.takers:
        if not _sure(each):
            _say(console, f"  NO   {step.step.title}: {each.role} ({_why(each.decision)})", "red")
    if not step.takers:
        _say(console, f"  NO   {step.step.title}: the taker has no role for it", "red")
    for each in step.others:
        _say(console, f"  NO   {step.step.title}: {each.role} of {each.stack} could too ({_why(each.decision)})", "red")


def promotion_json(proof: Proof) -> dict[str, Any]:
    """Return a proof for programs."""
    promotion = proof.promotion
    return {
        "model": promotion.model,
        "owner": promotion.owner,
        "taker": promotion.taker,
        "holds": proof.holds,
        "askedOf": list(proof.asked_of),
        "steps": [
            {
                "title": each.step.title,
                "action": each.step.action,
                "resource": each.step.resource,
                "holds": each.holds,
                "roles": [_answer(answer) for answer in each.takers],
                "others": [_answer(answer) for answer in each.others],
            }
            for each in proof.steps
        ],
    }


def _answer(answer: Answer) -> Mapping[str, Any]:
    decision = answer.decision
    return {
        "stack": answer.stack,
        "role": answer.role,
        "verdict": decision.verdict.value,
        "layer": decision.layer.value,
        "policy": decision.policy,
        "statement": decision.statement,
        "missing": decision.missing,
        "notCertain": decision.unsupported,
    }


def _sure(answer: Answer) -> bool:
    return answer.decision.allowed and not answer.decision.unsupported


def _why(decision: Decision) -> str:
    return f"not certain: {decision.unsupported}" if decision.unsupported else f"{decision.verdict}, {reason(decision)}"


def _say(console: Console, text: str, style: str) -> None:
    if text:
        console.print(Text(text, style=style), soft_wrap=True)
