"""KMS keys: one a purpose, so that what one purpose's users can decrypt, another's cannot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.access.outside import Outside
from components.encryption.key_policy import key_policy
from zone import names
from zone.schedule_names import SCHEDULES, SPARK


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """Inputs of Keys."""

    account_key: str
    """Account the keys are for; part of the aliases."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Region of the keys."""

    provisioning_role: str
    """Name of the role that administers the keys and uses them only while it creates what they encrypt."""

    outside: Mapping[str, Sequence[Outside]]
    """Roles of other accounts that use a key, by purpose."""

    purposes: Sequence[str]
    """Which keys: data, models, studio, logs, secrets, schedules, spark; of a platform database, alarms. Plain."""

    deletion_days: int
    """How long a key deleted by mistake can be saved [days, 7 to 30]."""

    disposable: bool
    """Whether destroying the stack deletes the keys, and with them all they encrypt."""

    kept: Sequence[str]
    """Purposes whose key stays even so, for what it encrypts stays too. Plain likewise."""


class Keys(pulumi.ComponentResource):
    """A rotating KMS key per purpose, with an alias and a policy that separates administration from use."""

    arns: Mapping[str, pulumi.Output[str]]
    """Key ARN by purpose."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Keys", name, {}, opts)
        scheduled = (SCHEDULES, SPARK)
        words.among((*names.KEY_PURPOSES, *scheduled, *names.PLATFORM_KEY_PURPOSES), purpose=args.purposes)
        words.among(args.purposes, purpose_of_outside=args.outside, purpose_kept=args.kept)
        words.names(role_outside=(role for rights in args.outside.values() for each in rights for role in each.roles))
        child = pulumi.ResourceOptions(parent=self)

        keys = {}
        for purpose in args.purposes:
            document = key_policy(
                purpose,
                account_id=args.account_id,
                region=args.region,
                provisioning_role=args.provisioning_role,
                outside=args.outside.get(purpose, ()),
            )
            stays = pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable or purpose in args.kept
            )
            keys[purpose] = aws.kms.Key(
                f"{name}-{purpose}",
                description=f"{purpose} of {args.account_key}",
                enable_key_rotation=True,
                deletion_window_in_days=args.deletion_days,
                policy=json.dumps(document),
                tags={"Name": f"{args.account_key}-{purpose}"},
                opts=child.merge(stays),
            )
            aws.kms.Alias(
                f"{name}-{purpose}",
                name=names.key_alias(args.account_key, purpose),
                target_key_id=keys[purpose].key_id,
                opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
            )

        self.arns = {purpose: key.arn for purpose, key in keys.items()}
        self.register_outputs({"arns": self.arns})
