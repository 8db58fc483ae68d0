"""What one value decides is decided, whatever else is not known yet; and what nothing decides is not."""

import pytest

from policies.evaluate import evaluate
from policies.rules import UNKNOWN, Resource

DOMAIN = "aws:sagemaker/domain:Domain"
ENDPOINT = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
FEATURES = "aws:sagemaker/featureGroup:FeatureGroup"
TEAM = "aws:sagemaker/workteam:Workteam"
TRAINING = "aws:sagemaker/trainingJob:TrainingJob"
BIAS = "aws-native:sagemaker:ModelBiasJobDefinition"


def _presign(**links):
    return {"workerAccessConfiguration": {"s3Presign": {"iamPolicyConstraints": links}}}


def _bias(count, encrypted):
    return {
        "jobResources": {"clusterConfig": {"instanceCount": count}},
        "networkConfig": {"enableInterContainerTrafficEncryption": encrypted},
    }


def _variant(**own):
    return {"productionVariants": [{"variantName": "main", **own}]}


def _sharing(option, key):
    return {"defaultUserSettings": {"sharingSettings": {"notebookOutputOption": option, "s3KmsKeyId": key}}}


def _docker(access, trusted):
    return {"domainSettings": {"dockerSettings": {"enableDockerAccess": access, "vpcOnlyTrustedAccounts": trusted}}}


def _hidden(*types):
    return {"defaultUserSettings": {"studioWebPortalSettings": {"hiddenInstanceTypes": list(types)}}}


def _groups(mode, groups):
    return {"appNetworkAccessType": mode, "defaultUserSettings": {"securityGroups": groups}}


def _online(on, key, tier=None):
    return {"onlineStoreConfig": {"enableOnlineStore": on, "storageType": tier, "securityConfig": {"kmsKeyId": key}}}


FINE = [
    ("sm-domain-security-groups", DOMAIN, _groups(UNKNOWN, ["sg-0a"])),
    ("sm-domain-security-groups", DOMAIN, _groups("PublicInternetOnly", UNKNOWN)),
    ("sm-domain-notebook-output-kms", DOMAIN, _sharing(UNKNOWN, "alias/x")),
    ("sm-domain-notebook-output-kms", DOMAIN, _sharing("Disabled", UNKNOWN)),
    ("sm-domain-docker-trusted-accounts", DOMAIN, _docker(UNKNOWN, ["111122223333"])),
    ("sm-domain-hidden-instance-types", DOMAIN, _hidden(UNKNOWN, "ml.p5.48xlarge")),
    ("sm-featuregroup-online-kms", FEATURES, _online(UNKNOWN, "alias/x")),
    ("sm-featuregroup-online-kms", FEATURES, _online(UNKNOWN, UNKNOWN, "InMemory")),
    ("sm-featuregroup-online-kms", FEATURES, _online(False, UNKNOWN, UNKNOWN)),
    ("sm-workteam-s3-presign", TEAM, _presign(sourceIp=UNKNOWN, vpcSourceIp="Enabled")),
    ("sm-modelbias-intercontainer-encryption", BIAS, _bias(UNKNOWN, True)),
    ("sm-modelbias-intercontainer-encryption", BIAS, _bias(1, UNKNOWN)),
    ("sm-endpointconfig-kms", ENDPOINT, {**_variant(instanceType=UNKNOWN), "kmsKeyArn": "arn:x"}),
    ("sm-endpointconfig-kms", ENDPOINT, _variant(instanceType="ml.g5.xlarge", serverlessConfig=UNKNOWN)),
    ("sm-endpointconfig-instance-count", ENDPOINT, _variant(initialInstanceCount=2, serverlessConfig=UNKNOWN)),
    ("sm-endpointconfig-instance-count", ENDPOINT, _variant(initialInstanceCount=UNKNOWN, serverlessConfig={"a": 1})),
]
UNDECIDED = [
    ("sm-domain-security-groups", DOMAIN, _groups(UNKNOWN, [])),
    ("sm-domain-hidden-instance-types", DOMAIN, _hidden(UNKNOWN)),
    ("sm-endpointconfig-instance-count", ENDPOINT, _variant(initialInstanceCount=1, serverlessConfig=UNKNOWN)),
    ("sm-endpointconfig-kms", ENDPOINT, _variant(instanceType=UNKNOWN)),
    (
        "sm-model-private-registry",
        "aws:sagemaker/model:Model",
        {"primaryContainer": UNKNOWN, "containers": [{"image": "a"}]},
    ),
    (
        "sm-training-volume-output-kms",
        TRAINING,
        {"resourceConfig": {"instanceType": UNKNOWN}, "outputDataConfig": {"kmsKeyId": "k"}},
    ),
    # The provider, and so its default tags, is not told: tagsAll may hold what tags lacks.
    ("sm-domain-tagged", DOMAIN, {"tags": {"team": UNKNOWN}, "tagsAll": UNKNOWN}),
]
WRONG = [
    ("sm-training-spot", TRAINING, {"enableManagedSpotTraining": UNKNOWN}),
    (
        "sm-endpointconfig-kms",
        ENDPOINT,
        {"productionVariants": [{"instanceType": UNKNOWN}, {"instanceType": "ml.m5.large"}]},
    ),
    (
        "sm-training-volume-output-kms",
        TRAINING,
        {
            "resourceConfig": {"instanceGroups": [{"instanceType": UNKNOWN}, {"instanceType": "ml.m5.large"}]},
            "outputDataConfig": {"kmsKeyId": UNKNOWN},
        },
    ),
]
SETTINGS = {
    "sm-domain-hidden-instance-types": {"mustHide": ["ml.p5.48xlarge"]},
    "sm-domain-tagged": {"requiredKeyTags": ["owner"]},
    "sm-training-spot": {"environment": "dev"},
}


def _said(key, token, props):
    findings = evaluate([Resource(type=token, name="case", props=props)], SETTINGS, wanted=lambda rule: rule.key == key)
    return {finding["unknown"] for finding in findings}


@pytest.mark.parametrize(("key", "token", "props"), FINE)
def test_one_good_value_is_enough(key, token, props):
    assert set() == _said(key, token, props)


@pytest.mark.parametrize(("key", "token", "props"), UNDECIDED)
def test_what_an_unknown_value_may_still_mend_is_undecided(key, token, props):
    assert {True} == _said(key, token, props)


@pytest.mark.parametrize(("key", "token", "props"), WRONG)
def test_what_no_value_can_mend_is_a_violation(key, token, props):
    assert {False} == _said(key, token, props)
