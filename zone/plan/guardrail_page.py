"""What AWS enforces, for people. `python -m zone.plan.guardrail_page` writes docs/guardrails.md from the plan."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from zone.guardrails.enforcement import Guardrail, OrganizationPolicy
from zone.guardrails.packing import kinds, text
from zone.plan.planner import EXAMPLES, read
from zone.plan.zone import OrganizationPlan

FILE: Final = Path(__file__).parents[2] / "docs" / "guardrails.md"

_INTRO: Final = """# What AWS itself enforces

Written by `python -m zone.plan.guardrail_page` from the example organisation's plan; a test says that it is fresh.

A guardrail is one thing that must never be, or must always be set, whatever a stack, a role or a resource policy says.
SCPs bind whoever works in a member account, its root user included; RCPs bind whoever reaches for what an account owns;
tag, EC2 and AI policies are settings that AWS keeps. SCPs and RCPs don't bind the management account, so nothing works
there and few may enter; in an emergency a guardrail is detached from there.

Each guardrail is a file under `zone/guardrails/`. AWS takes few policies a target and few characters a policy, so
the statements of SCPs and RCPs are packed (`zone/guardrails/packing.py`); tests show that the packed policies decide as
the guardrails do. `./mlz plan org --format json` has the whole source map: policy → statement → guardrail → owner.
"""


def page(organization: OrganizationPlan) -> str:
    """Return docs/guardrails.md as it must be."""
    own = {account.key for account in organization.accounts.values()}
    return "\n".join(
        [
            _INTRO,
            "## Guardrails",
            "",
            "| guardrail | enforced by | where | owner | what, and why |",
            "|---|---|---|---|---|",
            *(_guardrail(guardrail, own) for guardrail in organization.guardrails),
            "",
            "## Policies as attached",
            "",
            "| policy | where | characters | of AWS's | carries |",
            "|---|---|---|---|---|",
            *(_policy(policy, own) for policy in organization.policies),
            "",
            "## Statements that stand for several",
            "",
            "| policy | statement | stands for |",
            "|---|---|---|",
            *(line for policy in organization.policies for line in _joined(policy)),
            "",
        ]
    )


def _guardrail(guardrail: Guardrail, accounts: set[str]) -> str:
    name = kinds()[guardrail.type].name.upper()
    where = _where(guardrail.targets, accounts)
    return f"| `{guardrail.key}` | {name} | {where} | {guardrail.owner} | {guardrail.description} |"


def _policy(policy: OrganizationPolicy, accounts: set[str]) -> str:
    size, limit = len(text(policy.document)), kinds()[policy.type].characters
    carried = sorted({source.split("/")[0] for sources in policy.sources.values() for source in sources})
    names = ", ".join(f"`{name}`" for name in carried)
    return f"| `mlz-{policy.key}` | {_where(policy.targets, accounts)} | {size:,} | {limit:,} | {names} |"


def _joined(policy: OrganizationPolicy) -> Iterator[str]:
    for sid, sources in policy.sources.items():
        if len(sources) > 1:
            yield f"| `mlz-{policy.key}` | `{sid}` | {', '.join(f'`{source}`' for source in sources)} |"


def _where(targets: tuple[str, ...], accounts: set[str]) -> str:
    """The targets, in words."""
    if targets == ("root",):
        return "everywhere"
    kind = "account" if accounts >= set(targets) else "OU"
    return f"{kind}{'s' if len(targets) > 1 else ''} {', '.join(targets)}"


if __name__ == "__main__":
    FILE.write_text(page(read(EXAMPLES).organization), encoding="utf-8")
