"""500 mutated folders: each is a clear refusal or a legal plan, never a traceback.

Seeded, so that a failure names its seed and comes back; every seed starts from the examples.
"""

import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from zone.plan.planner import read
from zone.plan.zone import ZonePlan
from zone.specs.problems import SpecErrors

SEEDS = 500
CHUNKS = 10
SMALLEST = 200  # a file cut down further has no key and word left to change
CLEAR = re.compile(r"^(ids\.lock\.yaml|another\.yaml|[a-z]+/[\w-]+\.ya?ml):[1-9]\d*: (\S.*: )?\S.{14,}$")
VALUES = (
    "0", "-1", "99999999999999999999", "1.5", "007", "true", "null", "''", '"x"', "[]", "{}", "[1, a]", "{a: b}", "~",
    "2026-11-21", "ml.t3.medium", "ml.p5.48xlarge", "10.64.0.0/16", "10.0.0.0/8", "300.1.2.3/4", "eu-north-1", "team",
    "fraud", "churn", "a" * 300, "ünïcode", "&x 1", "*x", "!tag 1", "'", "[", "x: y", "\t1", "|", "<<",
    "%", "\U0001f600",
)  # fmt: skip


def rename_key(text: str, chance: random.Random) -> str:
    key = chance.choice(re.findall(r"[\w-]+(?=:)", text))
    at = chance.randrange(len(key))
    changed = chance.choice([key[:at] + key[at + 1 :], key[:at] + "x" + key[at:], key.upper(), key[::-1]])
    return re.sub(rf"\b{re.escape(key)}:", f"{changed}:", text, count=1)


def change_value(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"(?<=: )[^\s,{}\[\]#]+", text)))
    return text[: found.start()] + chance.choice(VALUES) + text[found.end() :]


def change_number(text: str, chance: random.Random) -> str:
    numbers = list(re.finditer(r"\b\d+\b", text))
    found = chance.choice(numbers) if numbers else re.search(r"^", text)
    return text[: found.start()] + str(chance.randrange(-5, 10**6)) + text[found.end() :]


def drop_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def double_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "".join(lines)


def indent_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(["  ", " ", "\t", "- "]) + lines[at]
    return "".join(lines)


def cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def throw_in(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice("{}[]:,-#&*!|>'\"%@`\x00\x85\ufeff\n") + text[at:]


def swap_word(text: str, chance: random.Random) -> str:
    words = re.findall(r"[\w.@/+-]{3,}", text)
    return text.replace(chance.choice(words), chance.choice(words), 1)


def quote(text: str, chance: random.Random) -> str:
    word = chance.choice(re.findall(r"[\w.@/+-]+", text))
    return text.replace(f'"{word}"', word, 1) if f'"{word}"' in text else text.replace(word, f'"{word}"', 1)


WITHIN = (
    rename_key, change_value, change_number, drop_line, double_line, indent_line, cut, throw_in, swap_word,
    quote,
)  # fmt: skip


def mutate(folder: Path, chance: random.Random) -> str:
    """Change one thing; a file's content mostly, sometimes the files themselves. Return what was done."""
    files = sorted([*folder.glob("*/*.yaml"), folder / "ids.lock.yaml"])
    path, other = chance.choice(files), chance.choice(files)
    match chance.randrange(20):
        case 0:
            path.unlink()
            return f"removed {path.name}"
        case 1:
            path.write_bytes(other.read_bytes())  # duplicates: e-mails, shares with oneself, a file of the wrong kind
            return f"{other} over {path}"
        case 2:
            (path.parent / "another.yaml").write_bytes(path.read_bytes())
            return f"a copy of {path}"
        case 3:
            path.write_bytes(chance.randbytes(40) + path.read_bytes())
            return f"bytes before {path}"
    change = chance.choice(WITHIN)
    text = path.read_text(errors="replace")
    path.write_text(change(text, chance) if len(text) > SMALLEST else "")
    return f"{change.__name__} in {path}"


@pytest.mark.shows("P3", "S7")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_mutated_folder_is_a_clear_refusal_or_a_legal_plan(folder, chunk):
    examples = {path: path.read_bytes() for path in [*folder.path.glob("*/*.yaml"), folder.path / "ids.lock.yaml"]}
    outcomes: Counter[str] = Counter()
    for seed in range(chunk, SEEDS, CHUNKS):
        chance = random.Random(seed)
        for path in folder.path.rglob("*.yaml"):
            path.unlink()
        for path, content in examples.items():
            path.write_bytes(content)
        done = [mutate(folder.path, chance) for _ in range(chance.choice([1, 1, 1, 2, 4]))]
        try:
            zone = read(folder.path)
        except SpecErrors as refused:
            outcomes["refused"] += 1
            unclear = [line for line in str(refused).split("\n") if not CLEAR.match(line)]
            assert [] == unclear, f"seed {seed}: {done}"
        except Exception as crash:
            raise AssertionError(f"seed {seed}: {done}") from crash
        else:
            outcomes["legal"] += 1
            assert [] == broken(zone), f"seed {seed}: {done}"

    assert 5 <= min(outcomes["refused"], outcomes["legal"]), "mutations too tame or too wild to say anything"


def broken(zone: ZonePlan) -> list[str]:
    """Say what no legal plan may have."""
    blocks = sorted(team.network.cidr for team in zone.teams.values())
    emails = [account.email.lower() for account in zone.organization.accounts.values()]
    wrong = [f"{one} overlaps {two}" for one, two in pairwise(blocks) if one.overlaps(two)]
    wrong += [email for email, count in Counter(emails).items() if count > 1]
    wrong += [
        f"{share} has no reader"
        for team in zone.teams.values()
        for share in team.shares_out
        if share not in zone.teams[share.reader].shares_in
    ]
    return wrong
