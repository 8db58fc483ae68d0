"""A pull request's comment: what `plan --base` and `preview` said as JSON, as one piece of Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MARK: Final = "<!-- mlz -->"
"""Begins the comment, so that the next push finds it and writes it anew."""
LIMIT: Final = 65_000
"""Most characters. GitHub takes 65,536 (its refusal: "body is too long (maximum is 65536 characters)"), GitLab
1,000,000 (gitlab-org/gitlab, Gitlab::Database::MAX_TEXT_SIZE_LIMIT); both read 2026-11-30."""
SIGNS: Final = {"create": "+", "import": "+", "update": "~", "replace": "-/+", "delete": "-"}
_ROWS: Final = 500
"""Most stacks in the table."""
_LINES: Final = 200
"""Most lines of one stack."""
_ROOM: Final = 2_000
"""Kept free for what has no room [characters]."""
_WIDTH: Final = 160
"""Most letters of one reason in the table."""

Json = dict[str, Any]


@dataclass
class Results:
    """What the files say, put together."""

    change: Json = field(default_factory=dict)
    """Of `plan --base … --format json`: which stacks differ and why."""

    plans: dict[str, Json] = field(default_factory=dict)
    """What the plan says of each of them."""

    outcomes: dict[str, Json] = field(default_factory=dict)
    """Of `preview --format json`: what would change, by stack."""

    lost: list[str] = field(default_factory=list)
    """Files without a result: their job ended before it had one."""

    def add(self, name: str, said: object) -> bool:
        """Take in one file; return whether it is one of ours. None: it is empty."""
        if said is None:
            self.lost.append(name)
        elif isinstance(said, dict) and {"change", "stacks"} <= set(said):
            self.change = said["change"]
            self.plans = {each["stack"]: each for each in said["stacks"]}
        elif isinstance(said, list) and all(isinstance(each, dict) and {"stack", "code"} <= set(each) for each in said):
            self.outcomes |= {each["stack"]: _without_providers(each) for each in said}
        else:
            return False
        return True


def _without_providers(outcome: Json) -> Json:
    """Leave out that a provider works under another role: under --read-only each does, and nothing of AWS changes."""
    mine = [each for each in outcome.get("changed", ()) if not each["type"].startswith("pulumi:providers:")]
    left_out = len(outcome.get("changed", ())) - len(mine)
    counts = dict(outcome.get("changes", {}))
    counts["update"] = counts.get("update", 0) - left_out
    return {**outcome, "changed": mine, "changes": {op: count for op, count in counts.items() if count > 0}}


def comment(results: Results, holds_data: Mapping[str, str]) -> str:
    """Return the comment; *holds_data* says what is lost with a resource, by its type."""
    reasons = {each["stack"]: each for each in results.change.get("stacks", ())}
    outcomes = results.outcomes
    names = list(dict.fromkeys([*reasons, *outcomes]))
    quiet = [name for name in names if _state(reasons.get(name), outcomes.get(name)) == "unchanged"]
    loud = [name for name in names if name not in quiet]
    text = "\n".join(
        [
            MARK,
            f"### mlz: {_sum([_state(reasons.get(name), outcomes.get(name)) for name in names])}",
            *(f"All stacks: {_code(reason)}  " for reason in results.change.get("everywhere", ())),
            *(f"⚠ {_code(name)} holds no result: its job's log says why  " for name in results.lost),
            *_losses(outcomes, holds_data),
            *_table(loud, reasons, outcomes),
            *_new(reasons, results.plans),
            *([f"\nNothing changes in {', '.join(map(_code, quiet))}."] if quiet else []),
        ]
    )
    left_out = []
    for name in loud:
        part = "\n".join(_details(outcomes[name], holds_data)) if name in outcomes else ""
        if len(text) + len(part) > LIMIT - _ROOM:
            left_out.append(name)
        elif part:
            text += f"\n\n{part}"
    if left_out:
        text += f"\n\nNo room for {', '.join(left_out)}"[: _ROOM - 100] + ": their jobs' summaries have it all."
    return text[:LIMIT] + "\n"


def _state(reason: Json | None, outcome: Json | None) -> str:
    """Return what became of one stack, in a word."""
    if reason and reason["gone"]:
        return "to destroy"
    if outcome is None:
        return "without preview"
    if outcome["code"]:
        mandatory = any(each["level"] == "mandatory" for each in outcome.get("violations", ()))
        return "refused" if mandatory else "failed"
    if outcome.get("note", "").startswith("skipped"):
        return "skipped"
    return "changed" if set(outcome.get("changes", ())) - {"same"} else "unchanged"


def _sum(states: Sequence[str]) -> str:
    """Return the comment's title."""
    order = ("failed", "refused", "changed", "to destroy", "skipped", "without preview")
    said = [f"{states.count(state)} {state}" for state in order if state in states]
    if not said:
        return "nothing changes"
    return f"{len(states)} stack{'s' if len(states) > 1 else ''} touched: {', '.join(said)}"


def _losses(outcomes: Mapping[str, Json], holds_data: Mapping[str, str]) -> Iterator[str]:
    """Say first what people must not overlook."""
    lines = [
        f"- {_code(name)}: {_code(_line(each))}: {holds_data[each['type']]}"
        for name, outcome in outcomes.items()
        for each in outcome.get("changed", ())
        if _loses(each, holds_data)
    ]
    if lines:
        yield "\n> [!CAUTION]\n> Data would be deleted:\n"
        yield from lines[:_LINES]
        if len(lines) > _LINES:
            yield f"- and {len(lines) - _LINES} more"


def _table(names: Sequence[str], reasons: Mapping[str, Json], outcomes: Mapping[str, Json]) -> Iterator[str]:
    """Return a row a stack."""
    if not names:
        return
    yield "\n| stack | | changes | because of |\n|---|---|---|---|"
    if len(names) > _ROWS:
        yield f"| | | | the first {_ROWS} of {len(names)} |"
    for name in names[:_ROWS]:
        reason, outcome = reasons.get(name), outcomes.get(name, {})
        state = _state(reason, outcomes.get(name))
        counts = outcome.get("changes", {})
        told = " ".join(f"{sign}{counts[op]}" for op, sign in SIGNS.items() if counts.get(op))
        others = [f"{count} {op}" for op, count in counts.items() if op not in SIGNS and op != "same"]
        why = "; ".join(reason["why"]) if reason else ""
        why = why if len(why) <= _WIDTH else f"{why[:_WIDTH]}…"
        mark = "❌ " if state in {"failed", "refused"} else ""
        yield f"| {_code(name)} | {mark}{state} | {_code(', '.join(filter(None, [told, *others])))} | {_code(why)} |"


def _new(reasons: Mapping[str, Json], plans: Mapping[str, Json]) -> Iterator[str]:
    """Say of each new team what its reviewers ask: who, where, how much."""
    new = [
        plans[name] for name, reason in reasons.items() if reason["why"] == ["new"] and "network" in plans.get(name, {})
    ]
    if new:
        yield "\n| new | owner | addresses | endpoints | members | instance types | budget |"
        yield "|---|---|---|---|---|---|---|"
    for plan in new:
        members = ", ".join(f"{name} ({persona})" for name, persona in plan["members"].items())
        types = ", ".join(sorted({each for types in plan["instanceTypes"].values() for each in types}))
        cells = [
            *(plan["stack"], plan["owner"], plan["network"]["cidr"], str(len(plan["endpoints"]))),
            *(members, types, f"{plan['budgetUsdPerMonth']} USD a month"),
        ]
        yield f"| {' | '.join(map(_code, cells))} |"


def _details(outcome: Json, holds_data: Mapping[str, str]) -> Iterator[str]:
    """Return one stack, folded: a line a resource, then what refuses it."""
    changed = outcome.get("changed", ())
    violations = [each for each in outcome.get("violations", ()) if each["level"] == "mandatory"]
    advised = len(outcome.get("violations", ())) - len(violations)
    lines = [f"{_line(each)}{' ⚠' if _loses(each, holds_data) else ''}" for each in changed]
    if len(lines) > _LINES:
        lines[_LINES:] = [f"and {len(lines) - _LINES} more"]
    lines += [
        f"! {each['pack']}/{each['rule']} on {each['urn'].rsplit('::', 1)[-1]}: {each['message']}"
        for each in violations
    ]
    lines += [f"! {each['message']}" for each in outcome.get("failures", ())]
    if outcome.get("note"):
        lines.append(outcome["note"])
    if advised:
        lines.append(f"{advised} advised: ./mlz preview {outcome['stack']} shows them")
    if lines:
        text = "\n".join(lines)[: LIMIT // 4].replace("```", "'''")
        yield f"<details{' open' if outcome['code'] else ''}><summary>{outcome['stack']}</summary>\n"
        yield f"```diff\n{text}\n```\n</details>"


def _line(change: Json) -> str:
    """Return one resource: what happens to it, what it is, and the properties that differ."""
    kind = change["type"].rsplit(":", 1)[-1]
    sign = SIGNS.get(change["op"], change["op"])
    forced = set(change.get("replaces", ()))
    properties = ", ".join(f"{name}!" if name in forced else name for name in change.get("properties", ()))
    return f"{sign} {kind} {change['name']}" + (f" ({properties})" if properties else "")


def _loses(change: Json, holds_data: Mapping[str, str]) -> bool:
    return change["op"] in {"replace", "delete"} and change["type"] in holds_data


def _code(text: str) -> str:
    """Return *text* as code, in which Markdown finds nothing: no mention, no link, no end of a cell."""
    plain = text.replace("`", "'").replace("|", "¦").replace("\n", " ")
    return f"`{plain}`" if plain else ""
