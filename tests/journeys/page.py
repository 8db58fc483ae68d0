"""docs/journeys.md: what each person and each container may do, as it came out of the last run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.journeys.callers import ADMINISTRATORS, JOBS, NEXT, OTHERS, OUTSIDE, OUTSIDE_JOB, PEOPLE, PORTAL
from tests.journeys.step import Outcome, Step
from tests.journeys.steps import PARTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "journeys.md"
Outcomes = Mapping[tuple[str, str], Outcome]
"""(step's title, caller's title) → what came of it."""

_HEAD = """# Journeys: who may do what

Written by `tests/journeys`, never by hand: after a real `up` of the example organisation on the emulated AWS, each
person and each container of the team *fraud* takes each step with its credentials on AWS, from the network it works in,
by boto3. So do a data scientist who has signed in at Identity Center's portal and is not in Studio yet, another team's
people, and somebody outside with the credentials of a data scientist in Studio or of a job. In this copy of the
example *fraud* promotes its model to prod, whose people and roles of the same team try too.

`yes`: the call went through, with all further rights AWS asks for. Otherwise the layer that refused it:
`identity` (no policy of the role allows it), `boundary`, `resource` (bucket, key, role's trust …), `SCP`, `RCP`,
`endpoint`; *deny* where a statement denies it explicitly; `no way` where the network has no way to the service.
A dot: not tried.
"""


def page(steps: Sequence[Step], outcomes: Outcomes) -> str:
    """Return the page's text."""
    parts = [_HEAD]
    for part in PARTS:
        listed = [each for each in steps if each.part == part]
        parts.append(f"\n## {part}\n")
        for columns in (PEOPLE, JOBS, (PORTAL, OUTSIDE, OUTSIDE_JOB, *OTHERS), NEXT, ADMINISTRATORS):
            tried = [each for each in listed if {*each.tried_by} & {*columns}]
            if tried:
                parts.append(_table(tried, columns, outcomes))
        parts.append(_reasons(listed, outcomes))
    return "\n".join(parts)


def _table(steps: Sequence[Step], columns: Sequence[str], outcomes: Outcomes) -> str:
    rows = [
        f"| {each.title} | " + " | ".join(_cell(outcomes.get((each.title, column))) for column in columns) + " |"
        for each in steps
    ]
    head = f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
    return "\n".join([head, *rows, ""])


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "·"
    return "**yes**" if outcome.allowed else outcome.layer


def _reasons(steps: Sequence[Step], outcomes: Outcomes) -> str:
    """What was refused, where it is not the step's own right of who takes it."""
    lines = []
    for each in steps:
        whys: dict[str, list[str]] = {}
        for who in each.tried_by:
            outcome = outcomes[each.title, who]
            if not outcome.allowed and outcome.layer != "no way":
                action = outcome.why.split(" of ")[0]
                whys.setdefault(f"`{action}`", []).append(who)
        # Whose right it was is worth telling where they differ.
        one = len(whys) == 1
        told = "; ".join(why if one else f"{why}: {', '.join(who)}" for why, who in whys.items())
        if told:
            lines.append(f"- {each.title}: {told}")
    return "What was missing or denied:\n\n" + "\n".join(lines) + "\n" if lines else ""
