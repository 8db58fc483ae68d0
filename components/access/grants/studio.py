"""Grants in Studio: one's own profile, spaces and apps; looking at, and operating, what runs in the account."""

from components.access.grants import jobs
from components.access.grants.place import Place
from components.access.grants.query import read_contract
from components.access.grants.runtime import volume
from components.access.grants.statement import Condition, Statement
from zone import names, schedule_names

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


def observe(place: Place) -> tuple[Statement, ...]:
    """Look at the contract, at what runs and where it came from: jobs, models, lineage, logs, metrics. No data."""
    kinds = (
        "processing-job",
        "training-job",
        "hyper-parameter-tuning-job",
        "transform-job",
        "model",
        "endpoint-config",
        "endpoint",
        "pipeline",
        "feature-group",
        "monitoring-schedule",
        "experiment",
        "experiment-trial",
        "experiment-trial-component",
        "artifact",
        "context",
        "action",
    )
    return (
        *read_contract(place),
        Statement(
            sid="DescribeWhatRuns",
            actions=(
                "sagemaker:DescribeProcessingJob",
                "sagemaker:DescribeTrainingJob",
                "sagemaker:DescribeHyperParameterTuningJob",
                "sagemaker:DescribeTransformJob",
                "sagemaker:DescribeModel",
                "sagemaker:DescribeEndpointConfig",
                "sagemaker:DescribeEndpoint",
                "sagemaker:DescribePipeline",
                "sagemaker:DescribePipelineExecution",
                "sagemaker:DescribePipelineDefinitionForExecution",
                "sagemaker:ListPipelineExecutions",
                "sagemaker:ListPipelineExecutionSteps",
                "sagemaker:ListPipelineParametersForExecution",
                "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
                "sagemaker:DescribeFeatureGroup",
                "sagemaker:DescribeMonitoringSchedule",
                "sagemaker:DescribeExperiment",
                "sagemaker:DescribeTrial",
                "sagemaker:DescribeTrialComponent",
                "sagemaker:DescribeArtifact",
                "sagemaker:DescribeContext",
                "sagemaker:DescribeAction",
                "sagemaker:BatchGetMetrics",
                "sagemaker:ListTags",
            ),
            resources=place.sagemaker(*kinds),
            reason="people see what runs in their own account; descriptions hold no data",
        ),
        Statement(
            sid="ListWhatRuns",
            actions=(
                "sagemaker:ListProcessingJobs",
                "sagemaker:ListTrainingJobs",
                "sagemaker:ListHyperParameterTuningJobs",
                "sagemaker:ListTransformJobs",
                "sagemaker:ListModels",
                "sagemaker:ListEndpointConfigs",
                "sagemaker:ListEndpoints",
                "sagemaker:ListPipelines",
                "sagemaker:ListFeatureGroups",
                "sagemaker:ListModelPackageGroups",
                "sagemaker:ListMonitoringSchedules",
                "sagemaker:ListMonitoringExecutions",
                "sagemaker:ListExperiments",
                "sagemaker:ListTrials",
                "sagemaker:ListTrialComponents",
                "sagemaker:ListArtifacts",
                "sagemaker:ListContexts",
                "sagemaker:ListActions",
                "sagemaker:ListAssociations",
                "sagemaker:QueryLineage",
                "sagemaker:Search",
                "cloudwatch:GetMetricData",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListMetrics",
                "logs:DescribeLogGroups",
            ),
            resources=("*",),
            reason="SageMaker's and CloudWatch's lists know no resource",
        ),
        Statement(
            sid="ReadLogs",
            actions=("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            resources=(
                place.arn("logs", "log-group:/aws/sagemaker/*"),
                place.arn("logs", "log-group:/aws/sagemaker/*:log-stream:*"),
                *_spark_log(place),
            ),
            reason="SageMaker makes a log group per kind of job and a stream per run",
        ),
    )


def _spark_log(place: Place) -> tuple[str, ...]:
    """The log of batches by Spark, where there are any."""
    group = place.arn("logs", f"log-group:{names.log_group(place.team.account_key, schedule_names.SPARK)}")
    return (group, f"{group}:log-stream:*") if place.team.spark else ()


def operate(place: Place) -> tuple[Statement, ...]:
    """Keep things running: endpoints' capacity, monitors, alarms, stop what runs away."""
    return (
        Statement(
            sid="StopJobs",
            actions=(
                "sagemaker:StopProcessingJob",
                "sagemaker:StopTrainingJob",
                "sagemaker:StopHyperParameterTuningJob",
                "sagemaker:StopTransformJob",
                "sagemaker:StopPipelineExecution",
            ),
            resources=place.sagemaker(
                "processing-job", "training-job", "hyper-parameter-tuning-job", "transform-job", "pipeline"
            ),
            reason="jobs get their names when they start; all jobs of the account are the team's",
        ),
        Statement(
            sid="ScaleEndpoints",
            actions=("sagemaker:UpdateEndpointWeightsAndCapacities", "sagemaker:UpdateEndpoint"),
            resources=place.sagemaker("endpoint", "endpoint-config"),
            reason="endpoints get their names when they are made; a roll-back points to an existing configuration",
        ),
        # An endpoint that is changed gets new volumes.
        *(volume(place) if place.types("endpoint") else ()),
        Statement(
            sid="HandleMonitors",
            actions=("sagemaker:StartMonitoringSchedule", "sagemaker:StopMonitoringSchedule"),
            resources=place.sagemaker("monitoring-schedule"),
            reason="schedules are named by those who make them",
        ),
        Statement(
            sid="HandleAlarms",
            actions=(
                "cloudwatch:DescribeAlarms",
                "cloudwatch:DisableAlarmActions",
                "cloudwatch:EnableAlarmActions",
            ),
            resources=(place.arn("cloudwatch", "alarm:*"),),
            reason="all alarms of the account are the team's",
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
