"""Jobs: processing, training, tuning, transform; each as the team's guardrails want it, and each way around them."""

from tests.journeys.callers import OTHER, OUTSIDE, PORTAL, Caller
from tests.journeys.job_requests import TAGS, processing, training, transform, tuning
from tests.journeys.step import Stage, step
from tests.journeys.steps.data import OWN, put
from zone import names

PART = "Jobs"
STARTERS = "data-scientist, ml-engineer, pipeline"


@step(PART, "start a processing job", STARTERS)
def start_processing(who: Caller, stage: Stage):
    processing(who, stage)


@step(PART, "start a processing job that writes features, and leaves a report", STARTERS)
def start_ingestion(who: Caller, stage: Stage):
    report = {"LocalPath": "/opt/ml/processing/report", "S3UploadMode": "EndOfJob"}
    output = {"S3Uri": f"s3://{who.team.bucket('studio')}/reports/", **report}
    outputs = [{"OutputName": "report", "S3Output": output}]
    processing(
        who,
        stage,
        RoleArn=who.team.role("ingestion"),
        ProcessingOutputConfig={"KmsKeyId": who.team.key_arn("studio"), "Outputs": outputs},
    )


@step(PART, "start a processing job outside the network")
def processing_outside(who: Caller, stage: Stage):
    processing(who, stage, NetworkConfig={"EnableInterContainerTrafficEncryption": True})


@step(PART, "start a processing job without a key for its output")
def processing_without_key(who: Caller, stage: Stage):
    processing(who, stage, ProcessingOutputConfig={"Outputs": []})


@step(PART, "start a processing job without a time limit")
def processing_without_limit(who: Caller, stage: Stage):
    processing(who, stage, StoppingCondition=None)


@step(PART, "start a processing job under the ML engineer's role")
def processing_as_person(who: Caller, stage: Stage):
    processing(who, stage, RoleArn=who.team.role("ml-engineer"))


@step(PART, "start a processing job under Feature Store's role, which is let past the network's lock")
def processing_as_service(who: Caller, stage: Stage):
    processing(who, stage, RoleArn=who.team.role("feature-store"))


@step(PART, "start a training job", f"{STARTERS}, {OUTSIDE}", also=(PORTAL, OUTSIDE))
def start_training(who: Caller, stage: Stage):
    training(who, stage)


@step(PART, "start a training job without any network of its own (network isolation)", STARTERS)
def start_isolated(who: Caller, stage: Stage):
    training(who, stage, EnableNetworkIsolation=True)


@step(PART, "start a training job on an instance type the team does not declare")
def training_type(who: Caller, stage: Stage):
    volume = {"InstanceCount": 1, "InstanceType": "ml.p5.48xlarge", "VolumeSizeInGB": 10}
    training(who, stage, ResourceConfig=volume)


@step(PART, "start a training job outside the network")
def training_outside(who: Caller, stage: Stage):
    training(who, stage, VpcConfig=None)


@step(PART, "start a training job in the network with the notebooks' security group")
def training_group(who: Caller, stage: Stage):
    training(who, stage, VpcConfig={**who.team.network, "SecurityGroupIds": ["sg-0123456789abcdef0"]})


@step(PART, "start a training job whose volume no key of ours encrypts")
def training_volume(who: Caller, stage: Stage):
    training(
        who,
        stage,
        ResourceConfig={"InstanceCount": 1, "InstanceType": who.team.types["training"][0], "VolumeSizeInGB": 10},
    )


@step(PART, "start a training job whose output another key encrypts")
def training_output(who: Caller, stage: Stage):
    output = {"S3OutputPath": f"s3://{who.team.bucket('models')}/runs/", "KmsKeyId": who.team.key_arn("logs")}
    training(who, stage, OutputDataConfig=output)


@step(PART, "start a training job that runs longer than the team may")
def training_long(who: Caller, stage: Stage):
    training(who, stage, StoppingCondition={"MaxRuntimeInSeconds": 28 * 24 * 3600})


@step(PART, "start a training job with plain traffic between its containers (confidential data)")
def training_plain(who: Caller, stage: Stage):
    training(who, stage, EnableInterContainerTrafficEncryption=False)


@step(PART, "start a training job that somebody can log in to (remote debugging)")
def training_debug(who: Caller, stage: Stage):
    training(who, stage, RemoteDebugConfig={"EnableRemoteDebug": True})


@step(PART, "start a training job with a stranger's image")
def training_image(who: Caller, stage: Stage):
    stranger = "666666666666.dkr.ecr.eu-west-1.amazonaws.com/evil:latest"
    training(who, stage, AlgorithmSpecification={"TrainingImage": stranger, "TrainingInputMode": "File"})


@step(PART, "start a training job that reads another team's data set")
def training_on_others(who: Caller, stage: Stage):
    uri = f"s3://{stage.callers[OTHER].team.bucket('data')}/datasets/customers/"
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    training(who, stage, InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}])


@step(PART, "start a training job that leaves its model in a stranger's bucket")
def training_away(who: Caller, stage: Stage):
    away = stage.made["stranger's bucket"]
    output = {"S3OutputPath": f"s3://{away}/", "KmsKeyId": who.team.key_arn("models")}
    training(who, stage, OutputDataConfig=output)


@step(PART, "start a tuning job", STARTERS)
def start_tuning(who: Caller, stage: Stage):
    tuning(who, stage)


@step(PART, "start a tuning job outside the network")
def tuning_outside(who: Caller, stage: Stage):
    tuning(who, stage, VpcConfig=None)


@step(PART, "score a data set in a batch (transform)", STARTERS)
def start_transform(who: Caller, stage: Stage):
    transform(who, stage)


@step(PART, "score in a batch without a key for the result")
def transform_without_key(who: Caller, stage: Stage):
    output = {"S3OutputPath": f"s3://{who.team.bucket('data')}/{names.dataset_prefix(OWN)}/scores/"}
    transform(who, stage, TransformOutput=output)


@step(PART, "make a pipeline and start it", "ml-engineer")
def pipeline(who: Caller, stage: Stage):
    sagemaker, name = who.client("sagemaker"), f"weekly-{who.slug}"
    put(stage.callers["ml-engineer"], who.team.bucket("models"), f"pipelines/{name}.json", b'{"Steps": []}')
    sagemaker.create_pipeline(
        PipelineName=name,
        PipelineDefinitionS3Location={"Bucket": who.team.bucket("models"), "ObjectKey": f"pipelines/{name}.json"},
        ClientRequestToken=f"{name}-{'x' * 32}",
        RoleArn=who.team.role("pipeline"),
        Tags=TAGS,
    )
    sagemaker.start_pipeline_execution(PipelineName=name, ClientRequestToken=f"{name}-{'x' * 32}")


@step(PART, "make a pipeline that runs under the ML engineer's role")
def pipeline_as_person(who: Caller, _stage: Stage):
    who.client("sagemaker").create_pipeline(
        PipelineName=f"stronger-{who.slug}",
        PipelineDefinition='{"Steps": []}',
        ClientRequestToken="x" * 32,
        RoleArn=who.team.role("ml-engineer"),
    )


@step(PART, "look at one's own processing, tuning and transform job, and stop it", STARTERS)
def handle(who: Caller, stage: Stage):
    sagemaker = who.client("sagemaker")
    name = processing(who, stage)
    sagemaker.describe_processing_job(ProcessingJobName=name)
    sagemaker.stop_processing_job(ProcessingJobName=name)
    name = tuning(who, stage)
    sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    name = transform(who, stage)
    sagemaker.describe_transform_job(TransformJobName=name)
    sagemaker.stop_transform_job(TransformJobName=name)


@step(
    PART,
    "leave a job's result where it belongs",
    "data-scientist, ml-engineer, processing, training, tuning, transform, ingestion, pipeline",
)
def leave(who: Caller, _stage: Stage):
    bucket = "models" if who.stem in {"training", "tuning", "pipeline"} else "studio"
    put(who, who.team.bucket(bucket), f"runs/{who.slug}/output")
