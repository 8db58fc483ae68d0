"""Grants in Studio: one's own profile, spaces and apps, and pipelines."""

from components.access.grants import jobs
from components.access.grants.place import Place
from components.access.grants.statement import Condition, Statement

# Studio fills these two in for each session, so that one role serves many people and each meets only what is theirs.
# Source: SageMaker Developer Guide, "Give your users access to spaces", read 2026-11-21.
_ME = "${sagemaker:DomainId}/${sagemaker:UserProfileName}"
_SPACES = "space/${sagemaker:DomainId}/*"
_APPS = "app/${sagemaker:DomainId}/*"
_APP_NAMES = "apps and spaces get their names from their owner; the owner is the condition"


def use_studio(place: Place) -> tuple[Statement, ...]:
    """Open Studio as oneself, keep private spaces, run apps in them on the declared notebook types."""
    me = place.arn("sagemaker", f"user-profile/{_ME}")
    private: Condition = {
        "ArnEquals": {"sagemaker:OwnerUserProfileArn": me},
        "StringEquals": {"sagemaker:SpaceSharingType": "Private"},
    }
    return (
        Statement(sid="EnterAsMyself", actions=("sagemaker:CreatePresignedDomainUrl",), resources=(me,)),
        *_spaces(place, "Private", keep=private, start=private),
        Statement(
            sid="TagMyStudio",
            actions=("sagemaker:AddTags",),
            resources=(place.arn("sagemaker", _SPACES), place.arn("sagemaker", _APPS)),
            conditions={"StringEquals": {"sagemaker:TaggingAction": ["CreateApp", "CreateSpace"]}},
            reason=_APP_NAMES,
        ),
        Statement(
            sid="SeeTheDomain",
            actions=(
                "sagemaker:DescribeDomain",
                "sagemaker:DescribeUserProfile",
                "sagemaker:DescribeSpace",
                "sagemaker:DescribeApp",
            ),
            resources=(
                place.arn("sagemaker", "domain/${sagemaker:DomainId}"),
                place.arn("sagemaker", "user-profile/${sagemaker:DomainId}/*"),
                place.arn("sagemaker", _SPACES),
                place.arn("sagemaker", _APPS),
            ),
            reason="Studio's start page shows the domain's people and spaces",
        ),
        Statement(
            sid="ListStudio",
            actions=(
                "sagemaker:ListApps",
                "sagemaker:ListDomains",
                "sagemaker:ListSpaces",
                "sagemaker:ListUserProfiles",
            ),
            resources=("*",),
            reason="SageMaker knows no resource for lists",
        ),
        Statement(
            sid="EncryptMyVolumes",
            actions=("kms:CreateGrant",),
            resources=(place.key_arns["studio"],),
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        Statement(sid="SeeStudioKey", actions=("kms:DescribeKey",), resources=(place.key_arns["studio"],)),
    )


def share_spaces(place: Place) -> tuple[Statement, ...]:
    """Keep shared spaces, and start those of others.

    A shared space runs under the domain's default role, the data scientist's: only who has those rights anyway may
    have this grant, or the space would lend them.
    """
    me = place.arn("sagemaker", f"user-profile/{_ME}")
    shared: Condition = {"StringEquals": {"sagemaker:SpaceSharingType": "Shared"}}
    mine: Condition = {**shared, "ArnEquals": {"sagemaker:OwnerUserProfileArn": me}}
    return _spaces(place, "Shared", keep=mine, start=shared)


def _spaces(place: Place, sid: str, *, keep: Condition, start: Condition) -> tuple[Statement, ...]:
    """Keep spaces where *keep* holds; run apps where *start* holds, if the team has notebook types at all."""
    space, app = place.arn("sagemaker", _SPACES), place.arn("sagemaker", _APPS)
    types = place.types("notebook")
    return (
        Statement(
            sid=f"Keep{sid}Spaces",
            actions=("sagemaker:CreateSpace", "sagemaker:UpdateSpace"),
            resources=(space,),
            # An editor on a laptop, connected to the space from outside, would lead data past the network.
            conditions={**keep, "StringEqualsIfExists": {"sagemaker:RemoteAccess": "DISABLED"}},
            reason=_APP_NAMES,
        ),
        Statement(
            sid=f"Drop{sid}Spaces",
            actions=("sagemaker:DeleteSpace", "sagemaker:DeleteApp"),
            resources=(space, app),
            conditions=keep,
            reason=_APP_NAMES,
        ),
        *(
            (
                Statement(
                    sid=f"Start{sid}Apps",
                    actions=("sagemaker:CreateApp",),
                    resources=(app,),
                    conditions={**start, **jobs.listed("sagemaker:InstanceTypes", types)},
                    reason=_APP_NAMES,
                ),
            )
            if types
            else ()
        ),
    )


def use_pipelines(place: Place) -> tuple[Statement, ...]:
    """Make, run and stop pipelines; they run under the pipeline's role."""
    pipelines = place.sagemaker("pipeline")
    return (
        Statement(
            sid="HandlePipelines",
            actions=(
                "sagemaker:CreatePipeline",
                "sagemaker:UpdatePipeline",
                "sagemaker:DeletePipeline",
                "sagemaker:StartPipelineExecution",
                "sagemaker:StopPipelineExecution",
                "sagemaker:RetryPipelineExecution",
            ),
            resources=pipelines,
            reason="pipelines are named by those who make them; all of the account are the team's",
        ),
        Statement(
            sid="TagPipelines",
            actions=("sagemaker:AddTags",),
            resources=pipelines,
            conditions={"StringEquals": {"sagemaker:TaggingAction": "CreatePipeline"}},
            reason="pipelines are named by those who make them",
        ),
        *jobs.pass_role(place, "PassPipelineRole", "pipeline"),
    )
