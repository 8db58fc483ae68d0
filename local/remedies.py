"""What to do about refusals that have one known remedy, read from the words in which AWS refused."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

_NO_ROLE: Final = re.compile(
    r"User: arn:aws:(?:sts|iam)::(\d{12}):\S+ is not authorized to perform: sts:AssumeRole on resource: "
    r"arn:aws:iam::(\d{12}):role/([\w+=,.@/-]+)"
)
_EXISTS: Final = "AlreadyInOrganizationException"
_TAKEN: Final = "EMAIL_ALREADY_EXISTS"
_NO_VERSION: Final = re.compile(r"Model package arn:\S+:model-package/(\S+)/(\d+) does not exist")
"""How the emulated AWS says it; AWS's own words for it were not read."""


def remedies(messages: Iterable[str]) -> Iterator[str]:
    """Yield each remedy once.

    Sources, read 2026-11-30: Organizations User Guide, "Creating OrganizationAccountAccessRole for an invited account";
    API Reference, CreateOrganization and CreateAccountStatus (FailureReason).
    """
    said = "\n".join(messages)
    if _EXISTS in said:
        yield (
            "the management account has an organisation already: `./mlz adopt` shows what of it becomes ours, `--yes` "
            "records that; then this command again"
        )
    if _TAKEN in said:
        yield (
            "an AWS account has this root e-mail already: where it is in the organisation, `./mlz adopt --yes` records "
            "it; else invite it first, or write another e-mail"
        )
    for group, number in dict.fromkeys(_NO_VERSION.findall(said)):
        yield (
            f"version {number} of {group} is not registered there, and a rehearsal's registry begins empty: take that "
            "version out of endpoints, batches and monitors of the team's file, or register it first: ./mlz model run"
        )
    for caller, account, role in dict.fromkeys(_NO_ROLE.findall(said)):
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{caller}:root"}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        yield (
            f"account {account} has no role {role} that account {caller} may take, or your own policy forbids it. AWS "
            "makes that role only where the organisation made the account; in an invited one make it with the policy "
            f"AdministratorAccess and the trust policy {policy} or name the role that is there as provisioning_role in "
            "org/environment.yaml (docs/adopting.md)"
        )
