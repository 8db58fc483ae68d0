"""What people see of what runs, and do to keep it running."""

from components.access.grants.place import Place
from components.access.grants.query import read_contract
from components.access.grants.runtime import volume
from components.access.grants.statement import Statement
from zone import names, schedule_names


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
                *(("emr-serverless:ListApplications",) if place.team.spark else ()),
            ),
            resources=("*",),
            reason="lists of SageMaker, CloudWatch and EMR Serverless know no resource",
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
        *(_see_spark(place) if place.team.spark else ()),
    )


def _spark_log(place: Place) -> tuple[str, ...]:
    """The log of batches by Spark, where there are any."""
    group = place.arn("logs", f"log-group:{names.log_group(place.team.account_key, schedule_names.SPARK)}")
    return (group, f"{group}:log-stream:*") if place.team.spark else ()


def _see_spark(place: Place) -> tuple[Statement, ...]:
    """Runs of batches by Spark, without Spark's web page, which shows plans of queries and the environment."""
    return (
        Statement(
            sid="SeeSparkRuns",
            actions=("emr-serverless:ListJobRuns", "emr-serverless:GetJobRun"),
            resources=(place.arn("emr-serverless", "/applications/*"),),
            reason="AWS gives applications and runs their ids; all of the account are the team's",
        ),
    )


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
        *(
            (
                Statement(
                    # The run ends under its own role: who stops it needs nothing else (EMR Serverless User Guide,
                    # "User access policy examples for EMR Serverless", read 2026-11-30).
                    sid="StopSparkRuns",
                    actions=("emr-serverless:CancelJobRun",),
                    resources=(place.arn("emr-serverless", "/applications/*/jobruns/*"),),
                    reason="AWS gives applications and runs their ids; all of the account are the team's",
                ),
            )
            if place.team.spark
            else ()
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
