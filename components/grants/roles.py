"""Which role has which grants: the table of the team's identities."""

from collections.abc import Callable, Mapping

from components.grants import data, jobs, models, runtime, studio, work
from components.grants.place import Place
from components.grants.statement import MANAGED_POLICY_CHARACTERS, Statement, size
from zone import names
from zone.plan.zone import TeamPlan

GRANTS: Mapping[str, Callable[[Place], tuple[Statement, ...]]] = {
    "run": runtime.run,
    "read-data": data.read_data,
    "write-data": data.write_data,
    "read-features": data.read_features,
    "write-features": data.write_features,
    "log-experiments": data.log_experiments,
    "keep-work": work.keep_work,
    "start-processing": lambda place: jobs.start(place, "processing"),
    "start-training": lambda place: jobs.start(place, "training"),
    "start-tuning": lambda place: jobs.start(place, "tuning"),
    "start-transform": lambda place: jobs.start(place, "transform"),
    "read-models": models.read_models,
    "write-models": models.write_models,
    "register": models.register,
    "approve": models.approve,
    "make-models": models.make_models,
    "deploy": models.deploy,
    "use-studio": studio.use_studio,
    "share-spaces": studio.share_spaces,
    "observe": studio.observe,
    "operate": studio.operate,
    "use-pipelines": studio.use_pipelines,
}
"""Each grant is one managed policy, mlz-<grant>, attached to every role that has it."""

_START = ("start-processing", "start-training", "start-tuning", "start-transform")
_WORK = ("run", "keep-work", "read-data", "write-data", "read-models", "read-features", "log-experiments", *_START)

_TABLE: Mapping[str, tuple[str, ...]] = {
    # People. A scientist experiments and cannot deploy; who registers a model cannot approve it.
    "data-scientist": ("use-studio", "share-spaces", "observe", *_WORK),
    "ml-engineer": (
        "use-studio",
        "share-spaces",
        "observe",
        *_WORK,
        "write-models",
        "register",
        "make-models",
        "deploy",
        "use-pipelines",
    ),
    "reviewer": ("use-studio", "observe", "read-models", "approve"),
    "operator": ("use-studio", "observe", "operate"),
    # Jobs. A container has only what its kind of job needs.
    "processing": ("run", "keep-work", "read-data", "write-data", "read-models", "log-experiments"),
    "training": ("run", "keep-work", "read-data", "read-models", "write-models", "log-experiments"),
    "tuning": ("run", "keep-work", "read-data", "read-models", "write-models", "log-experiments"),
    "transform": ("run", "keep-work", "read-data", "write-data", "read-models"),
    "endpoint": ("run", "read-models", "read-features"),
    "ingestion": ("run", "keep-work", "read-data", "write-features"),
    "pipeline": (*_START, "keep-work", "observe", "read-models", "write-models", "register", "make-models"),
    "deployer": ("read-models", "make-models", "deploy", "observe"),
}


def roles(plan: TeamPlan) -> dict[str, tuple[str, ...]]:
    """Return the grants of each role the team has, by the role's stem.

    A use without instance types has neither role nor grant, a persona without members no role; without feature
    groups there is no ingestion.
    """
    absent = _absent(plan)
    return {
        role: tuple(grant for grant in grants if grant not in absent)
        for role, grants in _TABLE.items()
        if role not in absent
    }


def oversized(plan: TeamPlan) -> list[str]:
    """Return a line for each managed policy of *plan* that AWS would refuse for its size; none: all fit."""
    place = Place.stand_in(plan)
    sizes = {grant: size(GRANTS[grant](place)) for grants in roles(plan).values() for grant in grants}
    return [
        f"{plan.account.source}: policy {names.role(grant)} would have {characters} characters, AWS takes "
        f"{MANAGED_POLICY_CHARACTERS}: declare fewer data sets, feature groups, models or instance types"
        for grant, characters in sorted(sizes.items())
        if characters > MANAGED_POLICY_CHARACTERS
    ]


def holders(grant: str) -> tuple[str, ...]:
    """Return the stems of all roles that may have *grant*, whatever the team."""
    return tuple(role for role, grants in _TABLE.items() if grant in grants)


def _absent(plan: TeamPlan) -> frozenset[str]:
    """Return roles and grants the team's spec gives no meaning."""
    personas = {names.PERSONA_ROLES[member.persona] for member in plan.members.values()}
    types = plan.instance_types
    unused = {use for use in (*jobs.USES, "endpoint") if not getattr(types, use)}
    absent = unused | {f"start-{use}" for use in unused & set(jobs.USES)}
    # The scientist's role is the domain's default, so it is always there.
    absent |= set(names.PERSONA_ROLES.values()) - personas - {names.PERSONA_ROLES["data_scientist"]}
    if not plan.feature_groups:
        absent |= {"ingestion", "write-features"}
    if not plan.datasets:
        absent.add("write-data")
    if not Place.stand_in(plan).reads_features:
        absent.add("read-features")
    if not plan.models:
        absent |= {"register", "approve"}
    if not types.endpoint:
        absent.add("deploy")
    if not types.endpoint and not types.transform:
        absent.add("make-models")
    return frozenset(absent)
