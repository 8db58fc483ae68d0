"""Secrets Manager and Parameter Store beyond the core."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules._secrets import is_secret_name
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import rule

LONGEST_DAYS: Final = 90
_RATE: Final = re.compile(r"^rate\((\d+) (hour|day)s?\)$")
_MONTHLY: Final = re.compile(r"^cron\(\S+ \S+ \S+ \* \S+ \*\)$")

rule("secret-description", "set description: whoever rotates the secret has to know what uses it")(
    present("description")
)


@rule("secret-rotation-90d", "set rotationRules.automaticallyAfterDays to 90 or less, or a scheduleExpression as often")
def rotated_often(r: Reader) -> Iterator[str]:
    """Days, a rate, or a cron expression of every month: a quarter has up to 92."""
    for shown, schedule in r.each("rotationRules.scheduleExpression"):
        if is_set(schedule) and not _is_often(str(schedule)):
            yield f"{shown} {schedule} is not within {LONGEST_DAYS} days"
        elif not is_set(schedule):
            for days_shown, days in r.each("rotationRules.automaticallyAfterDays"):
                if not 0 < number(days) <= LONGEST_DAYS:
                    yield f"{days_shown} is {shown_value(days)}, not 1 to {LONGEST_DAYS}"


def _is_often(schedule: str) -> bool:
    if match := _RATE.match(schedule):
        return int(match[1]) <= LONGEST_DAYS * (24 if match[2] == "hour" else 1)
    return _MONTHLY.match(schedule) is not None


@rule("ssm-param-securestring", "set type to SecureString and keyId, or keep it in Secrets Manager")
def secret_parameter(r: Reader) -> Iterator[str]:
    """By the last part of its name, as for environment variables. Everyone who may list parameters reads a String."""
    if is_secret_name(str(r.get("name", "")).rpartition("/")[2]):
        yield from r.unless("type", "SecureString")
        yield from r.missing("keyId")
