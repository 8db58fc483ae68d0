"""Declared endpoints as they will be: which registered version answers, and on what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zone import names
from zone.plan.account import AccountPlan
from zone.plan.promotions import PromotionPlan
from zone.specs.account import TeamAccount
from zone.specs.serving import Api, Asynchronous, Instances


@dataclass(frozen=True, kw_only=True)
class ServingPlan:
    """One endpoint."""

    model: str
    """The model."""

    version: int | None
    """Its version; None: nothing is deployed yet."""

    registry_account_id: str
    """Account in whose registry the version is."""

    instance_type: str
    """What it runs on."""

    instances: Instances
    """How many; said of one that answers at once."""

    capture_percent: int
    """Calls that are kept [%]."""

    looks_up_features: bool
    """Whether the container has the team's network."""

    latency_ms: int
    """Longest answer for 99 of 100 calls [milliseconds]."""

    asynchronous: Asynchronous | None = None
    """How it answers later; None: it answers at once."""

    api: Api | None = None
    """The HTTP API in front of it; None: there is none."""

    @property
    def has_api(self) -> bool:
        """Whether an HTTP API is made: as the endpoint, with its version."""
        return self.api is not None and self.version is not None

    @property
    def least(self) -> int:
        """Instances that always run [count]."""
        return (self.asynchronous or self.instances).least

    @property
    def most(self) -> int:
        """Instances at the busiest time [count]."""
        return (self.asynchronous or self.instances).most

    def package_arn(self, region: str, team: str) -> str:
        """ARN of the registered version: that of its group, and the version."""
        group = names.model_package_group(team, self.model)
        return f"arn:aws:sagemaker:{region}:{self.registry_account_id}:model-package/{group}/{self.version}"


def serving(spec: TeamAccount, account: AccountPlan, promoted: tuple[PromotionPlan, ...]) -> Mapping[str, ServingPlan]:
    """Plan the endpoints that a team declares, by name.

    Args:
        spec: what the team's file says.
        account: its account.
        promoted: models of earlier environments that may be deployed here.
    """
    return {
        name: ServingPlan(
            model=declared.model,
            version=declared.version,
            registry_account_id=_registry(declared.model, declared.registered_in, account, promoted),
            instance_type=declared.instance_type,
            instances=declared.instances,
            capture_percent=declared.capture,
            looks_up_features=declared.looks_up_features,
            latency_ms=declared.latency_ms,
            asynchronous=declared.asynchronous,
            api=declared.api,
        )
        for name, declared in spec.endpoints.items()
    }


def fleets(serving: Iterable[ServingPlan], kind: str | None = None) -> int:
    """Count the instances of endpoints, all or those of one *kind*, twice: a new version's run beside the old one's.

    Source: SageMaker Developer Guide, "Blue/Green Deployments", read 2026-11-29.
    """
    return 2 * sum(each.most for each in serving if kind in {None, each.instance_type})


def _registry(model: str, said: str | None, account: AccountPlan, promoted: tuple[PromotionPlan, ...]) -> str:
    """Return the account whose registry holds the model's versions; specs without problems leave no choice."""
    owners = {each.owner: each.owner_account_id for each in promoted if each.model == model}
    if said:
        return owners.get(account.key.replace(account.environment, said, 1), account.account_id)
    return next(iter(owners.values()), account.account_id)
