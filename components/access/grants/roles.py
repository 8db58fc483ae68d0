"""Which role has which grants: the table of the team's identities."""

from collections.abc import Callable, Mapping, Sequence

from components.access.grants import (
    apis,
    asynchronous,
    builds,
    capture,
    data,
    jobs,
    models,
    packages,
    promotion,
    query,
    running,
    runtime,
    studio,
    work,
)
from components.access.grants.place import Place
from components.access.grants.regions import abroad, everywhere
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS, Statement, size
from components.access.team import Team
from zone import names

_START: Mapping[str, tuple[str, ...]] = {
    "start-processing": ("processing", "transform"),
    "start-training": ("training", "tuning"),
}
"""Uses that each grant to start jobs is for. Two grants, not four: who starts jobs starts all kinds, and IAM takes few
policies a role."""

GRANTS: Mapping[str, Callable[[Place], tuple[Statement, ...]]] = {
    "run": runtime.run,
    "attach": runtime.attach,
    "query": query.query,
    "read-data": data.read_data,
    "write-data": data.write_data,
    "read-features": data.read_features,
    "write-features": data.write_features,
    "capture": capture.capture,
    "answer": asynchronous.answer,
    "persist-features": data.persist_features,
    "log-experiments": data.log_experiments,
    "keep-work": work.keep_work,
    "start-processing": lambda place: jobs.start(place, *_START["start-processing"]),
    "start-training": lambda place: jobs.start(place, *_START["start-training"]),
    "read-models": models.read_models,
    "write-models": models.write_models,
    "approve": models.approve,
    # Who registers a version makes the model of it, and of another environment's: one policy.
    "make-models": lambda place: (
        *models.register(place),
        *models.make_models(place),
        *promotion.take_versions(place),
    ),
    "read-promoted": promotion.read_promoted,
    # Who deploys an endpoint asks it, at once, for later or over HTTP.
    "deploy": lambda place: (*models.deploy(place), *asynchronous.ask(place), *apis.ask(place)),
    "use-studio": studio.use_studio,
    "share-spaces": studio.share_spaces,
    "observe": running.observe,
    "operate": running.operate,
    "use-pipelines": studio.use_pipelines,
    "read-packages": packages.read_packages,
    "build-images": builds.build_images,
}
"""Each grant is one managed policy, mlz-<grant>, attached to every role that has it."""

_AT_HOME = frozenset(
    {
        "query",
        "read-features",
        "write-features",
        "capture",
        "answer",
        "persist-features",
        "log-experiments",
        "use-studio",
        "share-spaces",
        "build-images",
        "read-packages",
        "read-promoted",
    }
)
"""Grants on what a team has in its own region only: Studio, feature groups, MLflow."""

_WORK = (
    "run",
    "keep-work",
    "query",
    "read-data",
    "write-data",
    "read-models",
    "read-features",
    "log-experiments",
    *_START,
    "read-packages",
)

_TABLE: Mapping[str, tuple[str, ...]] = {
    # People. A scientist experiments and cannot deploy; who registers a model cannot approve it.
    "data-scientist": ("use-studio", "share-spaces", "observe", *_WORK),
    "ml-engineer": (
        "use-studio",
        "share-spaces",
        "observe",
        *_WORK,
        "write-models",
        "make-models",
        "deploy",
        "use-pipelines",
        "build-images",
    ),
    "reviewer": ("use-studio", "observe", "read-models", "approve"),
    "operator": ("use-studio", "observe", "operate"),
    # Jobs. A container has only what its kind of job needs.
    "processing": (
        "run",
        "attach",
        "keep-work",
        "query",
        "read-data",
        "write-data",
        "read-models",
        "read-promoted",
        "log-experiments",
        "read-packages",
    ),
    "training": (
        "run",
        "attach",
        "keep-work",
        "read-data",
        "read-models",
        "write-models",
        "log-experiments",
        "read-packages",
    ),
    "tuning": (
        "run",
        "attach",
        "keep-work",
        "read-data",
        "read-models",
        "write-models",
        "log-experiments",
        "read-packages",
    ),
    "transform": (
        "run",
        "attach",
        "keep-work",
        "read-data",
        "write-data",
        "read-models",
        "read-promoted",
        "read-packages",
    ),
    "endpoint": ("run", "attach", "read-models", "read-features", "read-promoted", "capture", "answer"),
    "ingestion": ("run", "attach", "keep-work", "read-data", "write-features"),
    "pipeline": (*_START, "keep-work", "observe", "read-models", "write-models", "make-models"),
    # Feature Store itself: handed to it by the stack that makes the groups, and by nobody at work.
    "feature-store": ("persist-features",),
}


def roles(team: Team) -> dict[str, tuple[str, ...]]:
    """Return the grants of each role the team has, by the role's stem.

    A use without instance types has neither role nor grant, a persona without members no role; without feature
    groups there is neither ingestion nor Feature Store.
    """
    absent = _absent(team)
    return {
        role: tuple(grant for grant in grants if grant not in absent)
        for role, grants in _TABLE.items()
        if role not in absent
    }


def statements(grant: str, home: Place, further: Sequence[Place] = ()) -> tuple[Statement, ...]:
    """Return the statements of *grant* in all regions of the team."""
    return everywhere(GRANTS[grant], home, () if grant in _AT_HOME else further)


def oversized(team: Team) -> list[str]:
    """Return a line for each managed policy of *team* that AWS would refuse for its size; none: all fit."""
    place = Place.stand_in(team)
    further = [Place.stand_in(abroad(team, region), further=True) for region in team.further_regions]
    granted = {grant for grants in roles(team).values() for grant in grants}
    sizes = {grant: size(statements(grant, place, further)) for grant in granted}
    fewer = f"data sets, feature groups, models{', regions' if further else ''} or instance types"
    return [
        f"policy {names.role(grant)} would have {characters} characters, AWS takes "
        f"{MANAGED_POLICY_CHARACTERS}: declare fewer {fewer}"
        for grant, characters in sorted(sizes.items())
        if characters > MANAGED_POLICY_CHARACTERS
    ]


def holders(grant: str) -> tuple[str, ...]:
    """Return the stems of all roles that may have *grant*, whatever the team."""
    return tuple(role for role, grants in _TABLE.items() if grant in grants)


def _absent(team: Team) -> frozenset[str]:
    """Return roles and grants the team's spec gives no meaning."""
    used = {use for use, types in team.instance_types.items() if types}
    unused = {*jobs.USES, "endpoint"} - used
    absent = unused | {grant for grant, uses in _START.items() if unused.issuperset(uses)}
    # The scientist's role is the domain's default, so it is always there.
    absent |= set(names.PERSONA_ROLES.values()) - {*team.personas} - {names.PERSONA_ROLES["data_scientist"]}
    place = Place.stand_in(team)
    meant = {
        "ingestion": team.feature_groups,
        "write-features": team.feature_groups,
        "feature-store": team.feature_groups,
        "persist-features": any(stores.offline for stores in team.feature_groups.values()),
        "write-data": team.datasets,
        "capture": team.captured,
        "answer": team.asynchronous,
        "log-experiments": team.mlflow,
        "read-features": place.reads_features,
        "query": place.queries,
        "approve": team.models,
        "read-promoted": team.promoted,
        "build-images": team.image_builds,
        "read-packages": team.packages,
        "deploy": "endpoint" in used,
        "make-models": team.models or used & {"endpoint", "transform"},
    }
    absent |= {grant for grant, needed in meant.items() if not needed}
    return frozenset(absent)
