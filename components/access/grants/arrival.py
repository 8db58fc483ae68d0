"""What it takes to start a batch for a file that arrives: EventBridge starts pipelines, these start transform jobs."""

from components.access.grants import jobs
from components.access.grants.place import Place
from components.access.grants.runtime import volume
from components.access.grants.statement import Statement
from zone import schedule_names

_JOBS = "SageMaker Pipelines names the jobs it starts; all of the account are the team's"


def start_batches(place: Place) -> tuple[Statement, ...]:
    """Start transform jobs as SageMaker Pipelines does, on the team's keys and types, and follow them.

    From memory of the SageMaker Developer Guide, "IAM Access Management" of Pipelines: the role creates, describes,
    stops and tags the jobs of each step.
    """
    started = (place.arn("sagemaker", f"transform-job/{schedule_names.PIPELINE_JOBS}*"),)
    return (
        *jobs.start_named(place, "transform", schedule_names.PIPELINE_JOBS),
        Statement(
            sid="FollowTransform",
            actions=("sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"),
            resources=started,
            reason=_JOBS,
        ),
        Statement(
            sid="TagTransform",
            actions=("sagemaker:AddTags",),
            resources=started,
            conditions={"StringEquals": {"sagemaker:TaggingAction": "CreateTransformJob"}},
            reason=_JOBS,
        ),
        *volume(place),
    )


def tell_batches(place: Place) -> tuple[Statement, ...]:
    """Start the pipelines of batches, and nothing else."""
    return (
        Statement(
            sid="StartBatches",
            actions=("sagemaker:StartPipelineExecution",),
            resources=(schedule_names.batches_arn("sagemaker", "pipeline", place.region, place.account_id),),
            reason="one role for the rules of all batches, which may come and go",
        ),
    )
