"""What becomes of what is deployed when a field changes: the table of refusals, docs/changing.md and its rehearsal."""

from dataclasses import dataclass
from typing import Final

PAGE: Final = "docs/changing.md"
"""Where people read the table."""


@dataclass(frozen=True)
class Change:
    """One field."""

    field: str
    """The field, as its file spells it; in brackets which change of it."""

    what: str
    """What AWS would do, and what would be lost."""

    way: str = ""
    """The way round; empty: none is needed, the change is made in place."""


_NEW_ENVIRONMENT: Final = "make a new environment, move the teams' data into it and take this one down"

_REFUSED: Final = (
    Change(
        "management_account_id",
        "an organisation never changes its management account",
        "make another organisation",
    ),
    Change(
        "home_region",
        "the organisation's own resources would be made a second time in another region",
        "choose it before the first `./mlz up org`",
    ),
    Change(
        "email",
        "the account would be replaced, which AWS does by closing it",
        "change the address in AWS (aws account start-primary-email-update), then here and in ids.lock.yaml",
    ),
    Change(
        "region",
        "nothing moves between regions: all of the environment would be made anew there, without its data",
        _NEW_ENVIRONMENT,
    ),
    Change(
        "zones",
        "a zone has the quarter of every block that its place says: subnets would be replaced with all that runs in "
        "them, Studio domains with their homes",
        "add a zone at the end",
    ),
    Change(
        "studio_auth",
        "AWS replaces the domains of all teams for it, with their profiles and homes",
        _NEW_ENVIRONMENT,
    ),
    Change(
        "mlflow.mode",
        "the tracking servers would be deleted with all their runs",
        _NEW_ENVIRONMENT,
    ),
    Change(
        "mlflow.flavour",
        "the servers would be deleted with all their runs, and others made that know none of them",
        _NEW_ENVIRONMENT,
    ),
    Change(
        "regions (removed)",
        "the team's buckets, images, models and keys there are kept, and would be in no stack",
        "copy what is needed home and say disposable: true for the run that takes the region out",
    ),
    Change(
        "members (key)",
        "the profile would be deleted, and the person would lose the home directory that goes with it",
        "keep the key, which only names the profile; or copy the files to the data bucket, take the member out, run "
        "plan and up, and add the new key then",
    ),
    Change(
        "members.*.email (SSO)",
        "AWS keeps a profile's sign-in for good: the profile would be replaced, and its home directory lost",
        "add a second member for the new address and move the files through the data bucket",
    ),
    Change(
        "studio.shared_spaces",
        "AWS never changes a space's owner: the space would be replaced, and its volume lost",
        "add a space under a new name, copy the files and take the old one out",
    ),
    Change(
        "studio.keep_home",
        "the domain was made to delete its home with it, and `destroy` would",
        "say disposable: false, which keeps the domain itself",
    ),
    Change(
        "feature_groups.*.record_id",
        "the group would be replaced, and its records lost",
        "make a group under a new name and fill it from the old one's offline store",
    ),
    Change(
        "feature_groups.*.event_time",
        "the group would be replaced, and its records lost",
        "make a group under a new name and fill it from the old one's offline store",
    ),
    Change(
        "feature_groups.*.online",
        "AWS adds and removes no online store: the group would be replaced, and its records lost",
        "make a group under a new name and fill it from the old one's offline store",
    ),
    Change(
        "feature_groups.*.offline",
        "AWS adds and removes no offline store: the group would be replaced, and its records lost",
        "make a group under a new name and write the records to both for a while",
    ),
    Change(
        "feature_groups.*.features (removed)",
        "AWS takes no feature away: the group would be replaced, and its records lost",
        "stop writing it; or make a group under a new name",
    ),
    Change(
        "feature_groups.*.features (type)",
        "a feature keeps its type: the group would be replaced, and its records lost",
        "add a feature under a new name",
    ),
)

REFUSED: Final = {change.field: change for change in _REFUSED}
"""By field: what `./mlz plan` refuses once the account is made."""

REFUSED_BY_BLOCK: Final = (
    Change(
        "network.prefix, profile",
        "a network never changes its block: subnets, Studio domain and all that runs there would be replaced",
        "make a new team beside it, move, and retire this one; another profile with the same prefix is taken",
    ),
    Change(
        "the name of a file or folder",
        "it is the account's key: its account would have no file, and a second account would be made",
        "leave it; what people read is free: descriptions, owners, cost centres",
    ),
    Change(
        "on_premises (over a block)",
        "the network already has those addresses",
        "make a new team beside it in another pool, move, and retire this one",
    ),
)
"""What the recorded blocks and ids refuse themselves (zone/plan/address.py, lock_checks.py)."""

IN_PLACE: Final = (
    Change("owner, cost_centre, data_class", "tags are written anew"),
    Change("budget_usd_per_month, budget_alert_email", "the budget is updated"),
    Change("allowed_regions, opt_in_regions", "the guardrail is updated"),
    Change("organizational_unit", "the accounts move to the new unit; the old one goes when it is empty"),
    Change("address_pool", "recorded blocks stay where they are; new ones come from the new pool"),
    Change("zones (one more at the end)", "a subnet is added; the Studio domain stays in the zones it was made in"),
    Change("sign_in", "permission sets or entry roles are made and taken away; profiles stay"),
    Change("mlflow.size", "the server is updated; its runs stay"),
    Change(
        "mlflow.tasks, mlflow.database", "the service rolls; the database is changed in its next maintenance window"
    ),
    Change("mlflow.domain_name, mlflow.certificate", "the balancer answers to the new name; clients need it too"),
    Change("log_retention_days", "log groups are updated; older entries go"),
    Change("key_deletion_days", "noted for the day a key is deleted"),
    Change("disposable", "protection is put on or taken off; nothing in AWS changes"),
    Change("members (new), members.*.persona", "a profile is made, or gets another role; its home stays"),
    Change("members.*.email (IAM)", "the profile's tag says who may open it; its home stays"),
    Change("studio.idle_minutes, studio.space_storage_gb", "the domain is updated"),
    Change("instance_types, max_instances_per_job, max_runtime_hours", "roles, guardrails and Studio's menus change"),
    Change("datasets", "prefixes and rights; objects stay where they are, under the old name too"),
    Change("reads, shared_with", "rights of roles, keys and buckets"),
    Change("models (new)", "a package group and a repository are made"),
    Change(
        "endpoints", "a new fleet is made beside the old one, and the endpoint switches in place: docs/endpoints.md"
    ),
    Change("regions (new)", "network, keys, buckets, repositories and contract are made there; roles name them too"),
    Change("feature_groups.*.features (new)", "UpdateFeatureGroup adds them; records stay, without a value for them"),
    Change("feature_groups.*.features (order)", "nothing: AWS keeps the order they were added in"),
    Change("feature_groups.*.description", "nothing: AWS keeps the first one"),
    Change("quotas, policy_exceptions", "nothing in AWS"),
)
"""What changes without a loss."""

TAKEN_OUT: Final = (
    Change(
        "members (removed)",
        "the profile is deleted; its home directory stays in the file system, and nobody opens it any more",
    ),
    Change(
        "feature_groups, models, studio.shared_spaces (removed)",
        "protected and kept where the account is not disposable; deleted with its records, images or files where it is",
    ),
    Change(
        "hub, hub.egress (removed)",
        "teams' stacks first: AWS deletes no transit gateway and no zone that a team's network still holds",
    ),
)
"""What somebody takes out of the YAML: no replacement, a deletion that was asked for."""
