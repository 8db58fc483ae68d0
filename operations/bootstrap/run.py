"""The whole bootstrap, in the order in which one thing needs another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from operations.bootstrap.bucket import bucket_policy, state_bucket
from operations.bootstrap.files import files, project_name
from operations.bootstrap.keys import key, key_policy
from operations.bootstrap.organization_rights import changing_the_organization
from operations.bootstrap.provider import provider
from operations.bootstrap.rights import State, deploying, document, entering, reading
from operations.bootstrap.roles import role, trust
from operations.bootstrap.units import Units, units
from operations.bootstrap.work import MARK, Work
from operations.session import session_in
from zone import names
from zone.plan.integration import IntegrationPlan
from zone.plan.zone import ZonePlan

SESSION: Final = "mlz-bootstrap"
"""Name of the session in CloudTrail."""
_ORG: Final = "org"


def bootstrap(zone: ZonePlan, project: Path, work: Work) -> None:
    """Have state bucket, keys, identity provider, roles and Pulumi's files.

    Args:
        zone: the plan.
        project: folder of Pulumi.yaml.
        work: changes, if told to, and keeps what it saw.

    Raises:
        SignInError, ForeignError: the credentials are not the management account's.
        BotoCoreError, ClientError: no credentials, or AWS refuses.
    """
    organization = zone.organization
    account_id, region = organization.management_account_id, organization.home_region
    session = session_in(account_id, None, SESSION)
    environments = [_ORG, *zone.platforms]
    places = _places(zone)
    there = units(session.client("organizations", region_name=region), account_id, set(places.values()))
    tags = {**organization.tags, **MARK}

    kms = session.client("kms", region_name=region)
    state = State(
        bucket=organization.state_bucket,
        project=project_name(project),
        bucket_key=key(kms, names.STATE_BUCKET_KEY, key_policy(account_id), tags, work),
        keys={each: _key(kms, zone, each, tags, work) for each in environments},
    )
    state_bucket(
        session.client("s3", region_name=region),
        state.bucket,
        account_id=account_id,
        key_arn=state.bucket_key,
        policy=bucket_policy(state.bucket, state.project, account_id, environments),
        tags=tags,
        work=work,
    )
    files(kms, project, bucket=state.bucket, region=region, environments=environments, work=work)
    if organization.integration:
        _roles(session.client("iam", region_name=region), zone, organization.integration, state, there=there, work=work)


def _key(kms: Any, zone: ZonePlan, environment: str, tags: Mapping[str, str], work: Work) -> str:
    account_id = zone.organization.management_account_id
    deployer = f"arn:aws:iam::{account_id}:role/{names.deploy_role(environment)}"
    return key(kms, names.state_key_alias(environment), key_policy(account_id, [deployer]), tags, work)


def _roles(
    iam: Any,
    zone: ZonePlan,
    wanted: IntegrationPlan,
    state: State,
    *,
    there: Units,
    work: Work,
) -> None:
    organization = zone.organization
    account_id, places = organization.management_account_id, _places(zone)
    tags = {**organization.tags, **MARK}
    provider(iam, account_id, wanted, tags, work)
    for environment in state.keys:
        statements = [*deploying(state, environment), *_entering(zone, environment, there)]
        if environment == _ORG:
            statements += changing_the_organization(account_id, organization.portal.instance_arn)
        role(
            iam,
            names.deploy_role(environment),
            description=f"deploys {environment}",
            trusted=trust(account_id, wanted, environment),
            rights=document(*statements),
            tags=tags,
            work=work,
        )
    if organization.preview_caller_arn:
        role(
            iam,
            organization.preview_caller_arn.rpartition("/")[2],
            description="previews pull requests, only reads",
            trusted=trust(account_id, wanted, names.PREVIEW),
            rights=document(*reading(state)),
            tags=tags,
            work=work,
        )
    missing = sorted({path for path in places.values() if path not in there.paths})
    if missing:
        where = "the organisation is not there yet" if there.organization_id is None else "units are not there yet"
        note = f"{where}: after `./mlz up org`, this command again lets the roles in"
        work.later("accounts in", ", ".join(missing), note)


def _entering(zone: ZonePlan, environment: str, there: Units) -> list[dict[str, Any]]:
    """By the unit, where only the environment's own accounts stand in it; else by their ids, account by account."""
    own = [each for each in zone.organization.accounts.values() if each.environment == environment]
    ids = [each.account_id for each in own if each.account_id != names.UNASSIGNED]
    places = _places(zone)
    unit = places.get(environment, "")
    alone = list(places.values()).count(unit) == 1 and there.accounts.get(unit, frozenset()) <= set(ids)
    return entering((each.role for each in own), path=there.paths.get(unit) if alone else None, ids=ids)


def _places(zone: ZonePlan) -> dict[str, str]:
    """The unit of each environment's accounts."""
    return {each.environment: each.organizational_unit for each in zone.organization.accounts.values()}
