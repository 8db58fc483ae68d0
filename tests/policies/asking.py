"""Asks a pack as the engine does, through the SDK's own analyzer."""

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy import policy as sdk

from policies import pack
from policies.rules import REGISTRY
from policies.tagging.fill import fill_tags

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
FINE = {"subnetId": "s", "directInternetAccess": "Disabled", "lifecycleConfigName": "stop-idle"}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def analyzer(name, config=None):
    rules = [rule for rule in REGISTRY.values() if rule.pack == name]
    made = pack.policies(rules, {"required-tags": fill_tags} if name == "tagging" else {})
    return sdk._PolicyAnalyzerServicer(f"mlz-{name}", "0.1.0", made, EnforcementLevel.ADVISORY, config)


def request(kind, type_token, props, provider=None, stack="elsewhere"):
    made = kind(
        type=type_token,
        name="case",
        urn=f"urn:pulumi:{stack}::mlz::{type_token}::case",
        properties=json_format.ParseDict(props, struct_pb2.Struct()),
    )
    if provider is not None:
        made.provider.type = "pulumi:providers:aws"
        made.provider.properties.CopyFrom(json_format.ParseDict(provider, struct_pb2.Struct()))
    return made


def analyze(name, type_token, props, provider=None):
    answer = analyzer(name).Analyze(request(analyzer_pb2.AnalyzeRequest, type_token, props, provider), None)
    return {
        (d.policyName, analyzer_pb2.EnforcementLevel.Name(d.enforcementLevel)): d.message for d in answer.diagnostics
    }


def configuration(config):
    made = analyzer_pb2.ConfigureAnalyzerRequest()
    for key, chosen in config.items():
        made.policyConfig[key].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(
            chosen["enforcementLevel"].upper()
        )
        json_format.ParseDict(
            {k: v for k, v in chosen.items() if k != "enforcementLevel"}, made.policyConfig[key].properties
        )
    return made


def remediate(props, known):
    tagging = analyzer("tagging")
    tagging.Configure(configuration({"required-tags": {"enforcementLevel": "remediate", "knownTags": known}}), None)
    answer = tagging.Remediate(request(analyzer_pb2.AnalyzeRequest, "aws:s3/bucket:Bucket", props), None)
    return [json_format.MessageToDict(each.properties) for each in answer.remediations]


def stack(name, *resources):
    made = analyzer_pb2.AnalyzeStackRequest()
    for type_token, logical, props in resources:
        made.resources.add(
            type=type_token,
            name=logical,
            urn=f"urn:pulumi:elsewhere::mlz::{type_token}::{logical}",
            properties=json_format.ParseDict(props, struct_pb2.Struct()),
        )
    answer = analyzer(name).AnalyzeStack(made, None)
    return {
        (d.policyName, analyzer_pb2.EnforcementLevel.Name(d.enforcementLevel)): d.message for d in answer.diagnostics
    }
