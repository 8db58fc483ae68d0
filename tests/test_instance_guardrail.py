"""One instance guardrail, three places: every type of AWS is allowed by all of them or by none.

From a team's declared lists are compiled the policy pack's settings (before deployment), the service control policies
and the roles' conditions (in AWS), and Studio's menu and defaults. Here all four are asked about every instance type
that botocore's model of an API takes.
"""

import json
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest

from checks.access import Caller, PolicyKind, Target, Verdict, compile_policy, evaluate, principal, request
from checks.record import record
from components.access.grants.place import Place
from components.access.grants.roles import GRANTS, roles
from components.access.grants.statement import document
from policies.evaluate import evaluate as evaluate_rules
from policies.rules import Resource
from policies.rules.instances import PATHS
from policies.settings import settings_for
from stacks.build import build
from stacks.inputs import team_of
from zone import names
from zone.facts import local_storage
from zone.facts.studio_types import NOT_IN_PROVIDER, hidden
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.packing import text
from zone.plan import planner

ZONE = planner.read(planner.EXAMPLES)
SAGEMAKER = botocore.session.get_session().get_service_model("sagemaker")
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

USES = {  # Pulumi type → use of the spec, and the calls of the API that make or change it
    "algorithm": (None, ["CreateAlgorithm"]),
    "app": ("notebook", ["CreateApp"]),
    "dataQualityJobDefinition": ("processing", ["CreateDataQualityJobDefinition"]),
    "domain": ("notebook", ["CreateDomain", "UpdateDomain"]),
    "endpointConfiguration": ("endpoint", ["CreateEndpointConfig"]),
    "hyperParameterTuningJob": ("tuning", ["CreateHyperParameterTuningJob"]),
    "monitoringSchedule": ("processing", ["CreateMonitoringSchedule", "UpdateMonitoringSchedule"]),
    "notebookInstance": ("notebook", ["CreateNotebookInstance", "UpdateNotebookInstance"]),
    "space": ("notebook", ["CreateSpace", "UpdateSpace"]),
    "trainingJob": ("training", ["CreateTrainingJob"]),
    "userProfile": ("notebook", ["CreateUserProfile", "UpdateUserProfile"]),
}
NO_PULUMI_TYPE = {  # calls that only the API has: jobs, and definitions pulumi-aws lacks
    "CreateModelBiasJobDefinition": "processing",
    "CreateModelExplainabilityJobDefinition": "processing",
    "CreateModelQualityJobDefinition": "processing",
    "CreateProcessingJob": "processing",
    "CreateTransformJob": "transform",
}
CALLS = {call: use for use, calls in USES.values() for call in calls} | NO_PULUMI_TYPE
GRANTED = {  # use → a role of the team that starts it, the call, the resource
    "notebook": ("data-scientist", "CreateApp", "app/d-1/space-1/jupyterlab/default"),
    "processing": ("pipeline", "CreateProcessingJob", "processing-job/x"),
    "training": ("pipeline", "CreateTrainingJob", "training-job/x"),
    "tuning": ("pipeline", "CreateHyperParameterTuningJob", "hyper-parameter-tuning-job/x"),
    "transform": ("pipeline", "CreateTransformJob", "transform-job/x"),
    "endpoint": ("ml-engineer", "CreateEndpointConfig", "endpoint-config/x"),
}


@cache
def types_of(call):
    """Every instance type the model of *call* takes somewhere."""
    found, seen, shapes = set(), set(), [SAGEMAKER.operation_model(call).input_shape]
    while shapes:
        shape = shapes.pop()
        if shape.name not in seen:
            seen.add(shape.name)
            found |= {value for value in getattr(shape, "enum", ()) if value.startswith("ml.")}
            shapes += shape.members.values() if shape.type_name == "structure" else ()
            shapes += [shape.member] if shape.type_name == "list" else ()
    # Accelerators are attached to instances and have names of their own.
    return frozenset(value for value in found if not value.startswith("ml.eia"))


def declared(stack, use):
    """What the spec lists; a platform lists nothing, and nobody an algorithm."""
    team = ZONE.teams.get(stack)
    return frozenset(getattr(team.instance_types, use)) if team and use else frozenset()


def account(stack):
    return (ZONE.teams.get(stack) or ZONE.platforms[stack]).account


STACKS = [*ZONE.teams, *ZONE.platforms]


def _nested(path, value):
    for step in reversed(path.split(".")):
        value = {step.removesuffix("[]"): [value] if step.endswith("[]") else value}
    return value


@pytest.mark.shows("K5", "S15")
@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("token", sorted(PATHS.keys() - {"aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer"}))
def test_the_policy_pack_lets_pass_what_is_declared(stack, token):
    use, calls = USES[token.split("/")[1].split(":")[0]]
    settings = settings_for(stack)
    everything = frozenset().union(*map(types_of, calls))
    for path in PATHS[token]:
        resources = [Resource(type=token, name=each, props=_nested(path, each)) for each in sorted(everything)]
        said = evaluate_rules(resources, settings, wanted=lambda rule: "allowedInstanceTypes" in rule.settings)
        refused = {finding["name"] for finding in said if "is not in allowedInstanceTypes" in finding["message"]}

        assert declared(stack, use) & everything == everything - refused, path


def everything_else_right(own):
    """What all other guardrails ask of SageMaker's calls."""
    return {
        "aws:RequestedRegion": own.region,
        "sagemaker:AppNetworkAccessType": "VpcOnly",
        "sagemaker:DirectInternetAccess": "Disabled",
        "sagemaker:OutputKmsKey": "key",
        "sagemaker:RootAccess": "Disabled",
        "sagemaker:VolumeKmsKey": "key",
        "sagemaker:VpcSecurityGroupIds": ["sg-1"],
        "sagemaker:VpcSubnets": ["subnet-1"],
    }


@cache
def under_guardrails(stack):
    """One who may do everything that the account's service control policies leave."""
    own = account(stack)
    held = [
        (policy.key, compile_policy(text(policy.document), PolicyKind.SERVICE_CONTROL))
        for policy in ZONE.organization.policies
        if policy.type is PolicyType.SERVICE_CONTROL
        and {"root", own.organizational_unit, own.key} & set(policy.targets)
    ]
    full = ("FullAWSAccess", compile_policy(EVERYTHING, PolicyKind.SERVICE_CONTROL))
    return Caller(
        principal(names.role_arn(own.account_id, "training")),
        identity=[("all", compile_policy(EVERYTHING, PolicyKind.IDENTITY))],
        service_control=[("all levels", [full, *held])],
    )


@pytest.mark.shows("K5", "S15", "T6")
@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("call", sorted(CALLS))
def test_the_service_control_policies_let_pass_what_is_declared(stack, call):
    own = account(stack)

    def passes(instance_type):
        asked = request(
            names.role_arn(own.account_id, "training"),
            f"sagemaker:{call}",
            "*",
            resource_account=own.account_id,
            context={**everything_else_right(own), "sagemaker:InstanceTypes": [instance_type]},
        )
        return evaluate(asked, under_guardrails(stack), Target()).allowed

    assert declared(stack, CALLS[call]) & types_of(call) == set(filter(passes, types_of(call)))


@cache
def granted(stack, role):
    """A role of the team with its own policies only."""
    team = ZONE.teams[stack]
    declared = team_of(team)
    place = Place.stand_in(declared)
    statements = [statement for grant in roles(declared)[role] for statement in GRANTS[grant](place)]
    return Caller(
        principal(names.role_arn(team.account.account_id, role)),
        identity=[("grants", compile_policy(json.dumps(document(statements)), PolicyKind.IDENTITY))],
    )


def in_studio(team):
    me = f"arn:aws:sagemaker:{team.account.region}:{team.account.account_id}:user-profile/d-1/me"
    return {
        "sagemaker:DomainId": "d-1",
        "sagemaker:OwnerUserProfileArn": me,
        "sagemaker:SpaceSharingType": "Private",
        "sagemaker:UserProfileName": "me",
    }


@pytest.mark.shows("K4", "K5", "S15", "T6")
@pytest.mark.parametrize("stack", ZONE.teams)
@pytest.mark.parametrize("use", GRANTED)
def test_the_roles_conditions_let_pass_what_is_declared(stack, use):
    team = ZONE.teams[stack]
    role, call, resource = GRANTED[use]

    def passes(instance_type):
        place = Place.stand_in(team_of(team))
        encrypted_by_hardware = any(fnmatchcase(instance_type, pattern) for pattern in local_storage())
        context = {
            **(in_studio(team) if use == "notebook" else {}),
            "sagemaker:InstanceTypes": [instance_type],
            "sagemaker:InterContainerTrafficEncryption": True,
            "sagemaker:MaxRuntimeInSeconds": 3600,
            "sagemaker:NetworkIsolation": True,
            "sagemaker:OutputKmsKey": place.key_arns["models"],
            "sagemaker:VolumeKmsKey": None if encrypted_by_hardware else place.key_arns["data"],
            "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
            "sagemaker:VpcSubnets": list(place.subnet_ids),
        }
        arn = f"arn:aws:sagemaker:{team.account.region}:{team.account.account_id}:{resource}"
        asked = request(names.role_arn(team.account.account_id, role), f"sagemaker:{call}", arn, context=context)
        return evaluate(asked, granted(stack, role), Target()).allowed

    assert declared(stack, use) == set(filter(passes, types_of(call)))


@pytest.mark.shows("E9", "S15", "T6")
@pytest.mark.parametrize("stack", ZONE.teams)
def test_studio_offers_what_is_declared_and_starts_with_one_of_it(stack):
    domain = record(lambda: build(ZONE, stack), stack=stack).one("aws:sagemaker/domain:Domain").inputs
    settings = domain["defaultUserSettings"]
    hides = set(settings["studioWebPortalSettings"]["hiddenInstanceTypes"])
    defaults = {
        app["defaultResourceSpec"]["instanceType"]
        for each in (settings, domain["defaultSpaceSettings"])
        for app in each.values()
        if isinstance(app, dict) and "defaultResourceSpec" in app
    }

    unknown = {name for name in types_of("CreateApp") if name.startswith(NOT_IN_PROVIDER)}
    assert declared(stack, "notebook") == types_of("CreateApp") - hides - unknown
    assert hides <= types_of("CreateApp")
    assert defaults
    assert defaults <= declared(stack, "notebook")


@pytest.mark.shows("S15")
def test_every_type_and_every_call_of_aws_is_asked_about():
    def known(call):
        return types_of(call) and call not in STARTS_NOTHING

    assert {call for call in SAGEMAKER.operation_names if known(call)} == CALLS.keys() | OFF
    assert {token.split("/")[1].split(":")[0] for token in PATHS} == USES.keys() | {"mlflowTrackingServer"}


OFF = {  # what no spec declares: refused wholly, see test_what_no_spec_declares_is_refused_whatever_the_type
    "BatchAddClusterNodes",
    "CreateCluster",
    "CreateComputeQuota",
    "CreateInferenceExperiment",
    "CreateInferenceRecommendationsJob",
    "CreateOptimizationJob",
    "UpdateCluster",
    "UpdateComputeQuota",
    "UpdateInferenceExperiment",
}
STARTS_NOTHING = {
    "CreateAIRecommendationJob",  # not in IAM's data yet, so no policy can name it
    "CreateInferenceComponent",  # runs on an endpoint that is there
    "CreateModelPackage",  # lists types the model can run on
    "SearchTrainingPlanOfferings",
    "StopInferenceExperiment",
    "UpdateInferenceComponent",
    "UpdateModelPackage",
    "UpdateTrainingJob",  # changes the profiler's jobs only; the service control policy holds it
}


@pytest.mark.shows("K4")
@pytest.mark.parametrize("call", sorted(OFF))
def test_what_no_spec_declares_is_refused_whatever_the_type(call):
    own = account("prod-vision")
    asked = request(names.role_arn(own.account_id, "training"), f"sagemaker:{call}", "*")

    refused = evaluate(asked, under_guardrails("prod-vision"), Target())

    assert Verdict.EXPLICITLY_DENIED is refused.verdict


def test_the_menu_hides_nothing_where_everything_is_allowed():
    assert () == hidden(types_of("CreateApp"))
