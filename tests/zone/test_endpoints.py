import json
from itertools import chain, combinations

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.access import Caller, PolicyKind, Target, Verdict, compile_policy, evaluate, request
from tests.zone.calls import CALLS
from zone.facts import facts, limit
from zone.plan.endpoints import declared, endpoint_policy, needed
from zone.specs.account import Member, TeamAccount
from zone.specs.vocabulary import DataClass

FACTS = facts("endpoints")
SERVICES = {service["key"]: service for service in FACTS["services"]}
FEATURES = {feature["feature"]: feature["needs"] for feature in FACTS["features"]}
REGION = "eu-west-1"
ACCOUNT = "100000000001"
ORGANIZATION = "o-a1b2c3d4e5"

SESSION = botocore.session.get_session()
HOSTS = {
    client: SESSION.create_client(
        client, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
    ).meta.endpoint_url.removeprefix("https://")
    for client in {call[0] for calls in CALLS.values() for call in calls if isinstance(call, tuple)}
}


def team(**fields):
    return TeamAccount(
        kind="team",
        owner="lead@example.com",
        cost_centre="1",
        email="root@example.com",
        data_class=DataClass.INTERNAL,
        members={"ann": Member(email="ann@example.com", persona="data_scientist")},
        **({"instance_types": {}} | fields),
    )


def group(*, online, offline):
    features = {"id": "String", "at": "String"}
    return {"record_id": "id", "event_time": "at", "features": features, "online": online, "offline": offline}


def unreachable(feature, endpoints):
    """The calls of *feature* whose host no endpoint answers: an endpoint's host is its service name, read backwards."""
    answered = {".".join(reversed(endpoint.service.split("."))) for endpoint in endpoints}
    hosts = {HOSTS[call[0]] if isinstance(call, tuple) else call for call in CALLS[feature]}
    return hosts - answered


def test_the_facts_and_the_calls_speak_of_the_same_features():
    assert CALLS.keys() == FEATURES.keys()


@pytest.mark.shows("B2", "S10", "T7")
@given(features=st.sets(st.sampled_from(sorted(FEATURES)), min_size=1))
def test_each_feature_has_its_path(features):
    endpoints = needed(REGION, sorted(features))

    assert {feature: set() for feature in features} == {f: unreachable(f, endpoints) for f in features}


@pytest.mark.shows("S10", "T8")
@given(features=st.sets(st.sampled_from(sorted(FEATURES)), min_size=1))
def test_taking_any_endpoint_away_breaks_exactly_the_features_it_names(features):
    endpoints = needed(REGION, sorted(features))

    for endpoint in endpoints:
        rest = [other for other in endpoints if other != endpoint]
        assert sorted(endpoint.features) == [feature for feature in sorted(features) if unreachable(feature, rest)]


@given(features=st.permutations(sorted(FEATURES)))
def test_the_order_of_features_changes_no_endpoint(features):
    assert [e.key for e in needed(REGION, sorted(FEATURES))] == [e.key for e in needed(REGION, features)]


def test_only_s3_goes_through_a_gateway():
    assert {"s3"} == {endpoint.key for endpoint in needed(REGION, FEATURES) if endpoint.gateway}


def test_what_is_left_out_is_called_by_no_feature():
    left_out = {service["service"] for service in FACTS["left_out"]}

    assert set() == left_out & {service["service"] for service in FACTS["services"]}
    assert all(service["reason"] for service in FACTS["left_out"])


def test_each_fact_has_its_source_and_date():
    records = [*FACTS["services"], *FACTS["features"]]

    assert [] == [record for record in records if not (record.get("source") or record.get("sources"))]
    assert [] == [record for record in records if not record.get("as_of")]
    assert set() == set(chain.from_iterable(FEATURES.values())) - SERVICES.keys()


def test_a_bare_team_has_studio_contract_pipelines_and_mlflow_only():
    assert ("studio", "contract", "pipelines", "mlflow") == declared(team())


@pytest.mark.parametrize("use", ["processing", "training", "tuning", "transform", "endpoint"])
def test_a_job_kind_with_instance_types_is_a_feature(use):
    assert use in declared(team(instance_types={use: ["ml.m5.large"]}))
    assert use not in declared(team(instance_types={"notebook": ["ml.t3.medium"]}))


@pytest.mark.parametrize(("online", "offline"), [(True, False), (False, True), (True, True)])
def test_the_stores_of_feature_groups_are_features(online, offline):
    features = declared(team(feature_groups={"cards": group(online=online, offline=offline)}))

    assert (online, offline) == ("online-features" in features, "offline-features" in features)


@pytest.mark.parametrize("kind", ["dataset", "offline", "online"])
def test_what_a_team_reads_elsewhere_is_a_feature(kind):
    assert (*declared(team()), f"{kind}-reads") == declared(team(), [kind])


@pytest.mark.shows("T8")
def test_a_batch_team_pays_for_no_endpoint_of_features_or_images():
    keys = {e.key for e in needed(REGION, declared(team(instance_types={"transform": ["ml.m5.large"]})))}

    assert set() == keys & {"featurestore-runtime", "athena", "glue", "ecr-api"}


def test_all_interface_endpoints_fit_into_a_vpc():
    assert limit("vpc.interface_endpoints_per_vpc") >= len(needed(REGION, FEATURES))


def policies(organization_id=ORGANIZATION):
    return {
        key: endpoint_policy(key, region=REGION, organization_id=organization_id, account_id=ACCOUNT)
        for key in SERVICES
    }


@pytest.mark.shows("B3")
@pytest.mark.parametrize(
    ("organization_id", "principal", "resource"),
    [
        (ORGANIZATION, {"aws:PrincipalOrgID": ORGANIZATION}, {"aws:ResourceOrgID": ORGANIZATION}),
        ("", {"aws:PrincipalAccount": ACCOUNT}, {"aws:ResourceAccount": ACCOUNT}),
    ],
)
def test_every_statement_names_our_principals_and_all_but_two_our_resources(organization_id, principal, resource):
    statements = {s["Sid"]: s for policy in policies(organization_id).values() for s in policy["Statement"]}
    without_owner = {"AskWhoIAm", "CountOurs"}

    pages = {"OpenApps", "OpenStudio"}
    statements.pop("ReadAwsBuckets")

    assert {"OursToOurs", "AssumeOurRoles"} | without_owner | pages == statements.keys()
    assert all(ACCOUNT == statements[sid]["Resource"].split(":")[4] for sid in pages)
    for sid in statements.keys() - pages:
        statement = statements[sid]
        expected = principal if sid in without_owner else principal | resource
        assert {"StringEquals": expected} == statement["Condition"]
        assert "*" == statement["Principal"]


def test_no_condition_holds_a_wildcard():
    # AWS refuses wildcards with keys that reference identifiers it makes.
    conditions = [s.get("Condition") for policy in policies().values() for s in policy["Statement"]]

    assert [] == [condition for condition in conditions if "*" in json.dumps(condition)]


def test_every_policy_fits_the_limit_of_aws():
    assert limit("vpc.endpoint_policy_size") >= max(len(json.dumps(policy, indent=2)) for policy in policies().values())


def test_no_two_services_share_a_name():
    names = [service["service"] for service in SERVICES.values()]

    assert [] == [pair for pair in combinations(names, 2) if pair[0] == pair[1]]


AWS_ROLE, OUR_ROLE = "arn:aws:iam::666666666666:role/ecr", f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-data-scientist"
LAYER = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/layer"


@pytest.mark.parametrize(
    ("expected", "who", "action", "resource", "owner"),
    [
        (True, AWS_ROLE, "s3:GetObject", LAYER, "666666666666"),
        (True, "*", "s3:GetObject", f"arn:aws:s3:::amazonlinux-2-repos-{REGION}/2/core/x86_64/a.rpm", "137112412989"),
        (True, "*", "s3:GetObject", f"arn:aws:s3:::al2023-repos-{REGION}-de612dc2/core/a.rpm", "137112412989"),
        (True, OUR_ROLE, "s3:GetObject", f"arn:aws:s3:::jumpstart-cache-prod-{REGION}/m", "694778767487"),
        (False, OUR_ROLE, "s3:PutObject", LAYER, "666666666666"),
        (False, AWS_ROLE, "s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer", "666666666666"),
        (False, OUR_ROLE, "s3:GetObject", "arn:aws:s3:::strangers/x", "666666666666"),
        (False, AWS_ROLE, "s3:GetObject", "arn:aws:s3:::ours/x", ACCOUNT),
        (True, OUR_ROLE, "s3:PutObject", "arn:aws:s3:::ours/x", ACCOUNT),
    ],
)
def test_aws_own_buckets_are_read_through_the_endpoint_whoever_signs(expected, who, action, resource, owner):
    """An endpoint's policy only limits, so everything else says yes here."""
    ours = {
        key: ORGANIZATION for key, of in (("aws:PrincipalOrgID", who), ("aws:ResourceOrgID", owner)) if ACCOUNT in of
    }
    asked = request(who, action, resource, resource_account=owner, context=ours)
    endpoint = compile_policy(policies()["s3"], PolicyKind.ENDPOINT)
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    everything = {"Version": "2012-10-17", "Statement": [anybody]}
    identity = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    caller = Caller(
        asked.principal,
        identity=[("all", compile_policy(identity, PolicyKind.IDENTITY))],
        endpoints=[("s3", endpoint)],
    )

    decided = evaluate(asked, caller, Target(policy=("bucket", compile_policy(everything, PolicyKind.RESOURCE))))
    assert expected == (decided.verdict is Verdict.ALLOWED)
