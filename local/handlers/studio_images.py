"""SageMaker: images of one's own for Studio: image, version, and how an app uses it; moto has none of them.

A version stands on an image in a private repository, which the image's role can read. Sources: botocore's service
model of SageMaker (CreateImage, CreateImageVersion with BaseImage, CreateAppImageConfig, DeleteImage and their errors),
read 2026-11-30. The words of the refusals are not documented there.
"""

from typing import Final

from moto.ecr.models import ecr_backends

from local.authority.paths import FORMS
from local.authority.role_rights import refused
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Kind, Record, stamp
from local.handlers.sagemaker import SAGEMAKER
from local.handlers.tags import forget_tags

_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


class Images(Kind):
    """Images: their versions go with them."""

    def _delete(self, call: Call) -> Record:
        _versions(call, self.find(call)["ImageName"]).clear()
        return super()._delete(call)


IMAGES: Final = Images(
    **SAGEMAKER,
    noun="Image",
    keys=("ImageName",),
    arn="ImageArn",
    added=lambda call: {
        "ImageArn": call.arn(f"image/{call.params['ImageName']}"),
        "ImageStatus": "CREATED",
        "DisplayName": call.params.get("DisplayName", ""),
    },
    listed="Images",
)

_VERSIONS: Final[dict[tuple[str, str, str], dict[int, Record]]] = {}
"""(account, region, image) → number → version; `aliases` is ours."""


def _versions(call: Call, image: str) -> dict[int, Record]:
    return _VERSIONS.setdefault((call.account, call.region, image), {})


@operation("sagemaker", "CreateImageVersion")
def create(call: Call) -> Record:
    """Make the next version of an image that is in a repository which the role can read."""
    image = IMAGES.find(call)
    base = call.params["BaseImage"]
    repository = FORMS["repository"](call, base, _PULL[0])
    if repository is None:
        raise Refusal("ValidationException", f"BaseImage {base} is not an image in Amazon ECR.")
    _, _, _, region, owner, name = repository.arn.split(":", 5)
    kept = ecr_backends[owner][region].repositories.get(name.removeprefix("repository/"))
    failed = "" if kept and _holds(kept, base) else f"The image {base} does not exist."
    for action in _PULL:
        failed = failed or refused(call, image["RoleArn"], action, repository.arn)
    versions = _versions(call, image["ImageName"])
    number = max(versions, default=0) + 1
    now = stamp()
    versions[number] = {
        **{name: value for name, value in call.params.items() if name not in {"ClientToken", "Aliases", "ImageName"}},
        "ImageArn": image["ImageArn"],
        "ImageVersionArn": call.arn(f"image-version/{image['ImageName']}/{number}"),
        "ImageVersionStatus": "CREATE_FAILED" if failed else "CREATED",
        **({"FailureReason": failed} if failed else {"ContainerImage": base}),
        "Version": number,
        "CreationTime": now,
        "LastModifiedTime": now,
        "aliases": [],
    }
    _name(call, image["ImageName"], number, call.params.get("Aliases", []))
    return {"ImageVersionArn": versions[number]["ImageVersionArn"]}


def _holds(repository: object, image: str) -> bool:
    """Whether a repository holds an image, by tag or digest."""
    _, at, digest = image.partition("@")
    tag = image.rpartition("/")[2].partition(":")[2] or "latest"
    images = getattr(repository, "images", [])
    return any(each.image_digest == digest if at else tag in each.image_tags for each in images)


def _name(call: Call, image: str, number: int, aliases: list[str]) -> None:
    """Give a version aliases; each is one version's only."""
    versions = _versions(call, image)
    for other in versions.values():
        other["aliases"] = [alias for alias in other["aliases"] if alias not in aliases]
    versions[number]["aliases"] += aliases


def _version(call: Call) -> Record:
    image = IMAGES.find(call)
    versions = _versions(call, image["ImageName"])
    number, alias = call.params.get("Version"), call.params.get("Alias")
    if alias:
        number = next((each for each, version in versions.items() if alias in version["aliases"]), None)
    number = number or max(versions, default=0)
    if number not in versions:
        raise Refusal("ResourceNotFound", f"ImageVersion {call.params['ImageName']}/{number} does not exist")
    return versions[number]


@operation("sagemaker", "DescribeImageVersion")
def describe(call: Call) -> Record:
    """Show a version, the last one by default."""
    return _version(call)


@operation("sagemaker", "UpdateImageVersion")
def update(call: Call) -> Record:
    """Change what is said of a version, and its aliases."""
    version = _version(call)
    members = ("VendorGuidance", "JobType", "MLFramework", "ProgrammingLang", "Processor", "Horovod", "ReleaseNotes")
    version |= {name: call.params[name] for name in members if name in call.params}
    _name(call, call.params["ImageName"], version["Version"], call.params.get("AliasesToAdd", []))
    gone = call.params.get("AliasesToDelete", [])
    version["aliases"] = [alias for alias in version["aliases"] if alias not in gone]
    version["LastModifiedTime"] = stamp()
    return {"ImageVersionArn": version["ImageVersionArn"]}


@operation("sagemaker", "DeleteImageVersion")
def delete(call: Call) -> Record:
    """Take a version away."""
    version = _version(call)
    del _versions(call, call.params["ImageName"])[version["Version"]]
    forget_tags("sagemaker", version["ImageVersionArn"])
    return {}


@operation("sagemaker", "ListAliases")
def aliases(call: Call) -> Record:
    """A version's aliases, or all of an image."""
    image = IMAGES.find(call)
    wanted = call.params.get("Version")
    versions = _versions(call, image["ImageName"])
    named = [alias for number, each in versions.items() if wanted in (None, number) for alias in each["aliases"]]
    return {"SageMakerImageVersionAliases": named}


@operation("sagemaker", "ListImageVersions")
def list_versions(call: Call) -> Record:
    """Versions of an image, the last one first."""
    found = _versions(call, IMAGES.find(call)["ImageName"])
    return {"ImageVersions": [found[number] for number in sorted(found, reverse=True)]}
