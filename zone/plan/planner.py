"""Specs → ZonePlan: every decision that crosses accounts, made once and frozen. Pure but for read()."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

from zone import names
from zone.guardrails import Held, guardrails
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.packing import PackingError, pack
from zone.guardrails.targets import placed
from zone.plan.account import AccountPlan, with_parents
from zone.plan.blocks import allocate_blocks
from zone.plan.endpoints import declared, needed
from zone.plan.fixed import fixed_of
from zone.plan.fixed_checks import fixed_problems
from zone.plan.hubs import hub_price_problems, planned_hubs
from zone.plan.images import builds, shared_images, studio_images
from zone.plan.integration import integration
from zone.plan.lock import LOCK_NAME, Lock
from zone.plan.lock import gather as gather_lock
from zone.plan.lock_checks import lock_problems
from zone.plan.mlflow import server_of
from zone.plan.mlflow_checks import mlflow_problems
from zone.plan.network import network
from zone.plan.packages import packages
from zone.plan.platforms import platform_plan
from zone.plan.portal import portal
from zone.plan.promotions import given, taken
from zone.plan.reach import endpoints_to, of_flavour
from zone.plan.regions import regions
from zone.plan.scheduling import scheduled
from zone.plan.serving import serving
from zone.plan.shares import Shares, declared_shares
from zone.plan.strangers import stranger_problems
from zone.plan.tags import required_tags
from zone.plan.zone import OrganizationPlan, TeamPlan, ZonePlan
from zone.specs.account import CoreAccount, InstanceTypes, TeamAccount
from zone.specs.environment import FederatedSignIn
from zone.specs.load import gather
from zone.specs.problems import Problem, SpecErrors
from zone.specs.tree import ORG, AnyAccount, Specs
from zone.specs.vocabulary import DataClass

_PROJECT: Final = Path(__file__).parents[2] / "accounts"

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "organisation"
"""A whole organisation of ours: the demo's, and the tests', which never read what a user wrote."""

Check = Callable[[Specs], Iterable[Problem]]
"""Yields problems of the specs that this room cannot know of."""


def read(folder: Path | None = None, lock: Path | None = None, *, check: Check = lambda _: ()) -> ZonePlan:
    """Plan what the files under *folder* say.

    Args:
        folder: default: MLZ_ACCOUNTS, else this project's accounts/.
        lock: default: MLZ_IDS_LOCK, else ids.lock.yaml in *folder*.
        check: its problems are added to those found here.

    Raises:
        SpecErrors: all problems of all files at once.
    """
    folder, lock = chosen(folder, lock)
    specs, problems = gather(folder)
    recorded, wrong = gather_lock(lock)
    return _plan(specs, recorded, [*problems, *check(specs), *wrong])


def chosen(folder: Path | None = None, lock: Path | None = None) -> tuple[Path, Path]:
    """Return the folder and lock file in use: as given, else MLZ_ACCOUNTS and MLZ_IDS_LOCK, else the project's."""
    folder = folder or Path(os.environ.get("MLZ_ACCOUNTS") or _PROJECT)
    return folder, lock or Path(os.environ.get("MLZ_IDS_LOCK") or folder / LOCK_NAME)


def plan(specs: Specs, lock: Lock) -> ZonePlan:
    """Decide what will exist.

    Raises:
        SpecErrors: specs and lock contradict each other; all problems at once.
    """
    return _plan(specs, lock, [])


def _plan(specs: Specs, lock: Lock, problems: list[Problem]) -> ZonePlan:
    """Check everything, then build the plan if nothing is wrong."""
    networks, wrong = allocate_blocks(specs, lock)
    problems = [*problems, *lock_problems(specs, lock), *stranger_problems(specs, lock), *wrong]
    problems += mlflow_problems(specs, lock)
    problems += hub_price_problems(specs)
    # What a wrong file says of what is deployed means nothing yet.
    problems = problems or [*fixed_problems(specs, lock)]
    if problems:
        raise SpecErrors(problems)
    try:
        return _Planner(specs, lock, networks).zone()
    except PackingError as error:
        file = specs.sources[ORG].own.file
        raise SpecErrors([Problem(file, 1, "guardrails", line) for line in str(error).splitlines()]) from None


@dataclass(frozen=True)
class _Planner:
    """Builds the plan from specs that are known to be right."""

    specs: Specs
    lock: Lock
    blocks: Mapping[str, IPv4Network]

    def zone(self) -> ZonePlan:
        """The whole plan."""
        accounts = {key: self.account(key, spec) for key, spec in self.specs.accounts.items()}
        platforms = {a.environment: a for a in accounts.values() if a.kind == "platform"}
        shares = declared_shares(self.specs, accounts)
        teams = {
            key: self.team(accounts[key], spec, platforms[accounts[key].environment], shares)
            for key, spec in self.specs.accounts.items()
            if isinstance(spec, TeamAccount)
        }
        hubs, teams = planned_hubs(self.specs, self.lock, teams, platforms, self.blocks)
        return ZonePlan(
            organization=self.organization(accounts),
            platforms={
                name: platform_plan(self.specs, self.lock, self.blocks, account, teams, hub=hubs.get(name))
                for name, account in platforms.items()
            },
            teams=teams,
            promotion=self.specs.organization.promotion or tuple(sorted(self.specs.environments)),
            fixed=fixed_of(self.specs, self.lock.ids.fixed),
        )

    def organization(self, accounts: Mapping[str, AccountPlan]) -> OrganizationPlan:
        """The org stack."""
        spec = self.specs.organization
        units = {path for account in accounts.values() for path in with_parents(account.organizational_unit)}
        units |= {names.SUSPENDED} if self.retired else set()
        tags = required_tags(
            owner=spec.owner, cost_centre=spec.cost_centre, environment=ORG, account=ORG, data_class=DataClass.INTERNAL
        )
        homes = {key: account.organizational_unit for key, account in accounts.items()}
        held = placed(self.guardrails(list(tags)), spec.guardrails.targets, homes)
        return OrganizationPlan(
            management_account_id=spec.management_account_id,
            organization_id=self.lock.ids.organization.id,
            home_region=spec.home_region,
            allowed_regions=spec.allowed_regions,
            organizational_units=tuple(sorted(units, key=lambda path: (path.count("/"), path))),
            accounts=accounts,
            retired=self.retired,
            guardrails=held,
            policies=pack(held, homes),
            tags=tags,
            budget_alert_email=spec.budget_alert_email,
            quotas=spec.quotas,
            portal=portal(self.specs, self.lock),
            preview_caller_arn=self.preview_caller_arn,
            state_bucket=spec.state_bucket or names.state_bucket(spec.management_account_id),
            integration=(
                integration(spec.continuous_integration, [ORG, *self.specs.environments])
                if spec.continuous_integration
                else None
            ),
            adopted=self.lock.ids.organization.adopted,
            account_factory=spec.account_factory,
            elsewhere=tuple(spec.guardrails.elsewhere),
            sharing=any(each.hub for each in self.specs.environments.values()),
        )

    @property
    def retired(self) -> dict[str, str]:
        """Accounts that were given up, by what is recorded of them; one without an id is gone, or never was."""
        recorded = self.lock.ids.accounts.items()
        return {key: entry.id for key, entry in recorded if entry.retired and entry.id}

    @property
    def preview_caller_arn(self) -> str | None:
        """The role under which pull requests' previews come."""
        spec = self.specs.organization
        name = spec.pull_request_role
        return f"arn:aws:iam::{spec.management_account_id}:role/{name}" if name else None

    def guardrails(self, tag_keys: list[str]) -> tuple[Guardrail, ...]:
        """What AWS enforces, whatever the stacks say."""
        spec = self.specs.organization
        nothing = InstanceTypes.model_validate({})
        written = guardrails(
            organization_id=self.lock.ids.organization.id,
            owner=spec.owner,
            allowed_regions=spec.allowed_regions,
            provisioning_roles=(spec.working_role, *spec.guardrails.exempt_roles),
            environments={name: each.organizational_unit for name, each in self.specs.environments.items()},
            tag_keys=tag_keys,
            accounts={
                key: Held(
                    instance_types=account.instance_types if isinstance(account, TeamAccount) else nothing,
                    owner=account.owner,
                    team=isinstance(account, TeamAccount),
                )
                for key, account in self.specs.accounts.items()
                if not isinstance(account, CoreAccount)
            },
            retired=bool(self.retired),
            hubs=[name for name, each in self.specs.environments.items() if each.hub],
        )
        return tuple(each for each in written if each.key not in spec.guardrails.elsewhere)

    def account_id(self, key: str) -> str:
        """An account's id, or what stands for it."""
        return getattr(self.lock.ids.accounts.get(key), "id", None) or names.UNASSIGNED

    def account(self, key: str, spec: AnyAccount) -> AccountPlan:
        """One member account."""
        folder = self.specs.folder(key)
        organization = self.specs.organization
        place = organization if folder == ORG else self.specs.environments[folder]
        recorded = self.lock.ids.accounts.get(key)
        return AccountPlan(
            key=key,
            stack=folder if spec.kind == "platform" else key,
            kind=spec.kind,
            environment=folder,
            account_id=self.account_id(key),
            email=spec.email,
            account_name=spec.account_name or key,
            account_tags=spec.account_tags,
            adopted=recorded.adopted if recorded else None,
            organizational_unit=place.organizational_unit,
            region=organization.home_region if folder == ORG else self.specs.environments[folder].region,
            role=organization.working_role,
            tags=required_tags(
                owner=spec.owner,
                cost_centre=spec.cost_centre,
                environment=folder,
                account=key,
                data_class=spec.data_class,
            ),
            budget_usd_per_month=spec.budget_usd_per_month,
            owner=spec.owner,
            disposable=spec.disposable,
            policy_exceptions=spec.policy_exceptions,
            # What AWS raised in the management account says nothing of the accounts beside it.
            quotas=spec.quotas if folder == ORG else {**self.specs.environments[folder].quotas, **spec.quotas},
            source=self.specs.sources[key].own.file,
            preview_caller_arn=self.preview_caller_arn,
            further_regions=spec.regions if isinstance(spec, TeamAccount) else (),
        )

    def team(self, account: AccountPlan, spec: TeamAccount, platform: AccountPlan, shares: Shares) -> TeamPlan:
        """One team stack."""
        environment = self.specs.environments[account.environment]
        team = self.specs.stem(account.key)
        promoted = taken(self.specs, account.key, self.account_id)
        shares_in = shares.read_by.get(account.key, ())
        features = declared(spec, {share.kind for share in shares_in}, packages=bool(environment.packages))
        mlflow = server_of(
            environment.mlflow,
            team,
            account.account_id,
            platform,
            ids=self.lock.ids.of(account.environment),
            block=self.blocks.get(platform.key),
        )
        return TeamPlan(
            account=account,
            team=team,
            organization_id=self.lock.ids.organization.id,
            network=network(spec, self.blocks.get(account.key), environment.zones),
            endpoints=(*needed(account.region, of_flavour(features, mlflow)), *endpoints_to(mlflow)),
            members=spec.members,
            groups=spec.groups,
            studio=spec.studio,
            studio_auth=environment.studio_auth,
            trusted=environment.sign_in.trusted if isinstance(environment.sign_in, FederatedSignIn) else (),
            instance_types=spec.instance_types,
            max_instances_per_job=spec.max_instances_per_job,
            max_runtime_hours=spec.max_runtime_hours,
            datasets=tuple(spec.datasets),
            feature_groups=spec.feature_groups,
            models=tuple(spec.models),
            shares_out=shares.owned_by.get(account.key, ()),
            shares_in=shares_in,
            mlflow=mlflow,
            platform_account_id=platform.account_id,
            log_retention_days=environment.log_retention_days,
            key_deletion_days=environment.key_deletion_days,
            regions=regions(account.key, spec, environment, self.blocks),
            promotions_out=given(self.specs, account.key, self.account_id),
            promotions_in=promoted,
            serving=serving(spec, account, promoted),
            registry=environment.registry,
            shared_images=shared_images(self.specs, platform),
            studio_images=studio_images(self.specs, spec, platform),
            builds=builds(self.specs, spec, platform),
            packages=packages(environment.packages, platform),
            scheduled=scheduled(spec, team, account, promoted),
        )
