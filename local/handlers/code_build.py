"""CodeBuild: projects as they were given, and builds that fail where their role lacks a right.

moto wants a source of every project and forgets most of what it is given. A build here runs nothing: it is IN_PROGRESS
until somebody looks, then FAILED with the phase and the reason that AWS would give, or SUCCEEDED. What its commands
would do, and need, is not known.

Source: botocore's service model of CodeBuild (members, defaults, phases), read 2026-11-30; the rights of a build:
build_rights.py.
"""

import secrets
from typing import Any, Final

from local.handlers.build_rights import failed_phase
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, tags_of

_DEFAULTS: Final[Record] = {
    "timeoutInMinutes": 60,
    "queuedTimeoutInMinutes": 480,
    "cache": {"type": "NO_CACHE"},
    "badge": {"badgeEnabled": False},
    "projectVisibility": "PRIVATE",
}
_PROJECTS: Final[dict[tuple[str, str], dict[str, Record]]] = {}
"""(account, region) → name → project."""

_BUILDS: Final[dict[tuple[str, str], dict[str, Record]]] = {}
"""(account, region) → id → build, the last one last."""


def _kept(store: dict[tuple[str, str], dict[str, Record]], call: Call) -> dict[str, Record]:
    return store.setdefault((call.account, call.region), {})


def _project(call: Call, name: str) -> Record:
    found = _kept(_PROJECTS, call).get(name.rpartition("/")[2])
    if found is None:
        raise Refusal("ResourceNotFoundException", f"Project cannot be found: {call.arn(f'project/{name}')}")
    return found


def _shown(project: Record) -> Record:
    return {
        **project,
        "tags": [{"key": key, "value": value} for key, value in tags_of("codebuild", project["arn"]).items()],
    }


def _checked(given: Record) -> None:
    source, artifacts = given.get("source", {}), given.get("artifacts", {})
    if source.get("type") not in {"NO_SOURCE", "CODEPIPELINE"} and not source.get("location"):
        raise Refusal("InvalidInputException", "Invalid project source: location must be specified")
    if source.get("type") == "NO_SOURCE" and not source.get("buildspec"):
        text = "Invalid project source: buildspec must be specified for source type NO_SOURCE"
        raise Refusal("InvalidInputException", text)
    if artifacts.get("type") == "S3" and not artifacts.get("location"):
        raise Refusal("InvalidInputException", "Invalid artifacts: location must be specified")
    vpc = given.get("vpcConfig") or {}
    if any(vpc.values()) and not all(vpc.get(name) for name in ("vpcId", "subnets", "securityGroupIds")):
        raise Refusal("InvalidInputException", "Invalid vpc config: the VPC, subnets and security groups must be given")


@operation("codebuild", "CreateProject")
def create(call: Call) -> Record:
    """Keep a project."""
    name = call.params["name"]
    if name in _kept(_PROJECTS, call):
        raise Refusal("ResourceAlreadyExistsException", f"Project already exists: {call.arn(f'project/{name}')}")
    given = {key: value for key, value in call.params.items() if key not in {"tags", "badgeEnabled"}}
    _checked(given)
    arn, now = call.arn(f"project/{name}"), stamp()
    key = call.arn("alias/aws/s3", service="kms")
    project = {**_DEFAULTS, "encryptionKey": key, **given, "arn": arn, "created": now, "lastModified": now}
    _environment(project)
    _kept(_PROJECTS, call)[name] = project
    tags_of("codebuild", arn).update(call.params.get("tags"))
    return {"project": _shown(project)}


def _environment(project: Record) -> None:
    project["environment"] = {
        "environmentVariables": [],
        "privilegedMode": False,
        "imagePullCredentialsType": "CODEBUILD",
        **project.get("environment", {}),
    }
    for variable in project["environment"]["environmentVariables"]:
        variable.setdefault("type", "PLAINTEXT")


@operation("codebuild", "UpdateProject")
def update(call: Call) -> Record:
    """Change what is given; tags are replaced as a whole."""
    project = _project(call, call.params["name"])
    given = {key: value for key, value in call.params.items() if key not in {"tags", "badgeEnabled"}}
    _checked({**project, **given})
    project.update(given, lastModified=stamp())
    _environment(project)
    if "tags" in call.params:
        kept = tags_of("codebuild", project["arn"])
        kept.clear()
        kept.update(call.params["tags"])
    return {"project": _shown(project)}


@operation("codebuild", "BatchGetProjects")
def get(call: Call) -> Record:
    """Projects by name or ARN."""
    names = [name.rpartition("/")[2] for name in call.params["names"]]
    kept = _kept(_PROJECTS, call)
    found = [_shown(kept[name]) for name in names if name in kept]
    return {"projects": found, "projectsNotFound": [name for name in names if name not in kept]}


@operation("codebuild", "ListProjects")
def list_projects(call: Call) -> Record:
    """Names of all projects."""
    return {"projects": sorted(_kept(_PROJECTS, call))}


@operation("codebuild", "DeleteProject")
def delete(call: Call) -> Record:
    """Forget a project and its builds; one that is not there is no error."""
    name = call.params["name"].rpartition("/")[2]
    if project := _kept(_PROJECTS, call).pop(name, None):
        forget_tags("codebuild", project["arn"])
        builds = _kept(_BUILDS, call)
        for key in [key for key, build in builds.items() if build["projectName"] == name]:
            del builds[key]
    return {}


@operation("codebuild", "StartBuild")
def start(call: Call) -> Record:
    """Begin a build; what stands in its way shows when somebody looks."""
    project = _project(call, call.params["projectName"])
    name, builds = project["name"], _kept(_BUILDS, call)
    key = f"{name}:{secrets.token_hex(4)}-0000-4000-8000-{secrets.token_hex(6)}"
    given = {k.removesuffix("Override"): v for k, v in call.params.items() if k.endswith("Override")}
    environment = {**project["environment"]}
    named = {each["name"]: each for each in environment["environmentVariables"]}
    named |= {each["name"]: {"type": "PLAINTEXT", **each} for each in given.pop("environmentVariables", [])}
    environment["environmentVariables"] = list(named.values())
    shared = ("source", "artifacts", "serviceRole", "encryptionKey", "timeoutInMinutes", "vpcConfig", "logsConfig")
    builds[key] = {
        **{member: given.get(member, project[member]) for member in shared if member in project},
        "id": key,
        "arn": call.arn(f"build/{key}"),
        "projectName": name,
        "buildNumber": 1 + sum(build["projectName"] == name for build in builds.values()),
        "startTime": stamp(),
        "currentPhase": "QUEUED",
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "environment": environment,
        "initiator": call.key,
    }
    return {"build": builds[key]}


def _looked_at(call: Call, build: Record) -> Record:
    """Let a build come to its end."""
    if not build["buildComplete"]:
        failed = failed_phase(call, build)
        phases: list[Any] = [{"phaseType": "SUBMITTED", "phaseStatus": "SUCCEEDED"}]
        if failed:
            phase, why = failed
            contexts = [{"statusCode": "ACCESS_DENIED", "message": why}]
            phases.append({"phaseType": phase, "phaseStatus": "FAILED", "contexts": contexts})
        phases.append({"phaseType": "COMPLETED"})
        status = "FAILED" if failed else "SUCCEEDED"
        end = {"buildComplete": True, "buildStatus": status, "currentPhase": "COMPLETED", "endTime": stamp()}
        build |= {**end, "phases": phases}
    return build


@operation("codebuild", "BatchGetBuilds")
def builds(call: Call) -> Record:
    """Builds by id."""
    kept = _kept(_BUILDS, call)
    found = [_looked_at(call, kept[key]) for key in call.params["ids"] if key in kept]
    return {"builds": found, "buildsNotFound": [key for key in call.params["ids"] if key not in kept]}


@operation("codebuild", "ListBuilds", "ListBuildsForProject")
def list_builds(call: Call) -> Record:
    """Ids of builds, the last one first."""
    of = call.params.get("projectName")
    if of:
        _project(call, of)
    kept = _kept(_BUILDS, call).items()
    return {"ids": [key for key, build in reversed(kept) if of in (None, build["projectName"])]}


@operation("codebuild", "StopBuild")
def stop(call: Call) -> Record:
    """Stop a build that has not ended."""
    build = _kept(_BUILDS, call).get(call.params["id"])
    if build is None:
        raise Refusal("ResourceNotFoundException", f"Build {call.params['id']} does not exist")
    if not build["buildComplete"]:
        build |= {"buildStatus": "STOPPED", "buildComplete": True, "currentPhase": "COMPLETED", "endTime": stamp()}
    return {"build": build}
