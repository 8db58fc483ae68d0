"""SageMaker jobs: training, tuning, monitoring, labelling; their network and their keys."""

from collections.abc import Iterator
from typing import Final

from policies.rules._addresses import is_wide
from policies.rules.instances import number, volume_key_missing
from policies.rules.plain import Reader, is_set, is_true
from policies.rules.registry import Check, rule

ISOLATE: Final = "set enableNetworkIsolation to true"
ENCRYPT_TRAFFIC: Final = "set enableInterContainerTrafficEncryption to true"
USE_KEY: Final = "name the account's key"


def enabled(path: str) -> Check:
    """Return the check that *path* is true."""

    def check(r: Reader) -> Iterator[str]:
        yield from r.unless(path, True, default=False)

    return check


def present(*paths: str) -> Check:
    """Return the check that all *paths* are set."""

    def check(r: Reader) -> Iterator[str]:
        yield from r.missing(*paths)

    return check


for _kind in ("dataquality", "modelbias", "modelexplainability", "modelquality"):
    rule(f"sm-{_kind}-isolation", ISOLATE)(enabled("networkConfig.enableNetworkIsolation"))

for _kind in ("modelexplainability", "modelquality"):
    rule(f"sm-{_kind}-intercontainer-encryption", ENCRYPT_TRAFFIC)(
        enabled("networkConfig.enableInterContainerTrafficEncryption")
    )


@rule("sm-dataquality-intercontainer-encryption", ENCRYPT_TRAFFIC)
@rule("sm-modelbias-intercontainer-encryption", ENCRYPT_TRAFFIC)
def monitor_traffic_encrypted(r: Reader) -> Iterator[str]:
    """One instance has no traffic between containers; AWS Config's rules say the same. An absent count is not one."""
    path = "networkConfig.enableInterContainerTrafficEncryption"
    if r.none_of(
        (path, is_true), ("jobResources.clusterConfig.instanceCount", lambda count: number(count, default=2) <= 1)
    ):
        yield from r.unless(path, True, default=False)


rule("sm-dataquality-output-kms", USE_KEY)(present("dataQualityJobOutputConfig.kmsKeyId"))


@rule("sm-dataquality-volume-kms", USE_KEY)
def monitor_volume_encrypted(r: Reader) -> Iterator[str]:
    """Not for types with local disks: AWS refuses a key for them."""
    yield from volume_key_missing(r, "jobResources.clusterConfig")


rule("sm-dataquality-in-vpc", "set networkConfig.vpcConfig")(
    present("networkConfig.vpcConfig.subnets", "networkConfig.vpcConfig.securityGroupIds")
)
rule("sm-inferenceexperiment-instance-kms", USE_KEY)(present("kmsKey"))


@rule("sm-inferenceexperiment-data-kms", USE_KEY)
def experiment_data(r: Reader) -> Iterator[str]:
    """Only where data is stored."""
    if is_set(r.get("dataStorageConfig")):
        yield from r.missing("dataStorageConfig.kmsKey")


_INLINE: Final = "monitoringScheduleConfig.monitoringJobDefinition"


def _schedule(r: Reader) -> Iterator[Reader]:
    """Yield the job definition inside a schedule; a named one has rules of its own."""
    return r.elements(_INLINE)


@rule("sm-monitoringschedule-isolation", ISOLATE)
def schedule_isolated(r: Reader) -> Iterator[str]:
    """Only for an inline job definition."""
    for job in _schedule(r):
        yield from job.unless("networkConfig.enableNetworkIsolation", True, default=False)


@rule("sm-monitoringschedule-intercontainer-encryption", ENCRYPT_TRAFFIC)
def schedule_traffic_encrypted(r: Reader) -> Iterator[str]:
    """Only for an inline job definition."""
    for job in _schedule(r):
        yield from job.unless("networkConfig.enableInterContainerTrafficEncryption", True, default=False)


@rule("sm-monitoringschedule-kms", USE_KEY)
def schedule_encrypted(r: Reader) -> Iterator[str]:
    """Only for an inline job definition."""
    for job in _schedule(r):
        yield from job.missing("monitoringOutputConfig.kmsKeyId")
        yield from volume_key_missing(job, "monitoringResources.clusterConfig")


rule("sm-training-network-isolation", ISOLATE)(enabled("enableNetworkIsolation"))
rule("sm-training-intercontainer-encryption", ENCRYPT_TRAFFIC)(enabled("enableInterContainerTrafficEncryption"))


@rule("sm-training-volume-output-kms", USE_KEY)
def training_encrypted(r: Reader) -> Iterator[str]:
    """No volume key for types with local disks: AWS refuses it."""
    yield from r.missing("outputDataConfig.kmsKeyId")
    yield from volume_key_missing(r, "resourceConfig")


rule("sm-training-in-vpc", "set vpcConfig to the account's subnets and security group")(
    present("vpcConfig.subnets", "vpcConfig.securityGroupIds")
)


@rule(
    "sm-training-spot",
    "enable managed spot training with a checkpoint, or say that the stack is no dev stack",
    settings={"environment": ""},
)
def spot(r: Reader) -> Iterator[str]:
    """Spot is for dev: a job may be interrupted, so it needs a checkpoint."""
    if r.settings["environment"] == "dev":
        yield from r.unless("enableManagedSpotTraining", True, default=False)
        yield from r.missing("checkpointConfig.s3Uri")


@rule("sm-training-no-remote-debug", "leave remoteDebugConfig out", settings={"environment": "prod"})
def no_remote_debug(r: Reader) -> Iterator[str]:
    """A shell in a job that holds production data."""
    if r.settings["environment"] == "prod":
        yield from r.unless("remoteDebugConfig.enableRemoteDebug", False, "false", default=False)


@rule("sm-tuning-secure-training", "isolate, encrypt and place each training job definition in the account's network")
def tuning(r: Reader) -> Iterator[str]:
    """One definition or several; each is held to what a training job is held to."""
    for path in ("trainingJobDefinition", "trainingJobDefinitions"):
        # The SDK in the lock has no such type yet: one definition may come as an object or as a list of one.
        for job in r.elements(f"{path}[]"):
            yield from job.unless("enableNetworkIsolation", True, default=False)
            yield from job.unless("enableInterContainerTrafficEncryption", True, default=False)
            yield from job.missing("vpcConfig.subnets", "vpcConfig.securityGroupIds", "outputDataConfig.kmsKeyId")
            resources = [
                name for name in ("resourceConfig", "hyperParameterTuningResourceConfig") if is_set(job.get(name))
            ]
            for name in resources or ["resourceConfig"]:
                yield from volume_key_missing(job, name)


@rule("sm-labeling-output-kms", USE_KEY)
def labelling_encrypted(r: Reader) -> Iterator[str]:
    """The labelling model's volume only where there is one."""
    yield from r.missing("outputConfig.kmsKeyId")
    resources = "labelingJobAlgorithmsConfig.labelingJobResourceConfig"
    if is_set(r.get(resources)):
        yield from r.missing(f"{resources}.volumeKmsKeyId")


@rule("sm-labeling-private-workforce", "use a private work team")
def private_workforce(r: Reader) -> Iterator[str]:
    """The public crowd sees the data."""
    for shown, arn in r.each("humanTaskConfig.workteamArn"):
        if ":workteam/public-crowd/" in str(arn):
            yield f"{shown} is the public crowd"
    for shown, price in r.each("humanTaskConfig.publicWorkforceTaskPrice"):
        if is_set(price):
            yield f"{shown} is set, so the public is paid"


@rule("sm-workforce-source-ip", "name the offices' blocks in sourceIpConfig.cidrs, or use workforceVpcConfig")
def workforce_addresses(r: Reader) -> Iterator[str]:
    """A workforce inside a VPC needs no list."""
    if is_set(r.get("workforceVpcConfig")):
        return
    yield from r.missing("sourceIpConfig.cidrs")
    for shown, block in r.each("sourceIpConfig.cidrs[]"):
        if is_wide(block):
            yield f"{shown} is {block}, which is everyone"


@rule("sm-workteam-s3-presign", "enable sourceIp or vpcSourceIp in s3Presign.iamPolicyConstraints")
def workteam_links(r: Reader) -> Iterator[str]:
    """Else a labelling link works from anywhere."""
    base = "workerAccessConfiguration.s3Presign.iamPolicyConstraints"
    if r.none_of(*((f"{base}.{name}", lambda value: value == "Enabled") for name in ("sourceIp", "vpcSourceIp"))):
        yield f"{base} enables neither sourceIp nor vpcSourceIp"


rule("sm-flowdefinition-kms", USE_KEY)(present("outputConfig.kmsKeyId"))
rule("sm-devicefleet-kms", USE_KEY)(present("outputConfig.kmsKeyId"))


@rule("sm-featuregroup-offline-kms", USE_KEY)
def offline_encrypted(r: Reader) -> Iterator[str]:
    """Only where there is an offline store."""
    if is_set(r.get("offlineStoreConfig")):
        yield from r.missing("offlineStoreConfig.s3StorageConfig.kmsKeyId")


@rule("sm-featuregroup-online-kms", USE_KEY)
def online_encrypted(r: Reader) -> Iterator[str]:
    """The in-memory tier takes no key."""
    key = "onlineStoreConfig.securityConfig.kmsKeyId"
    if r.none_of(
        ("onlineStoreConfig.enableOnlineStore", lambda on: not is_true(on)),
        ("onlineStoreConfig.storageType", lambda tier: tier == "InMemory"),
        (key, is_set),
    ):
        yield f"{key} is not set"


rule("sm-featuregroup-description", "say what the features mean and where they come from")(present("description"))
rule("sm-image-description", "say what the image is for")(present("description"))
