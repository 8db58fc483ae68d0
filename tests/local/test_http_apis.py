"""HTTP APIs in the emulated AWS: who is let in, what answers, and what AWS asks for before."""

import http.client
import json
from functools import cache as cache_of_calls
from functools import partial
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.authority.network import HEADER
from tests.local.people import ACCOUNT, NUMBERS, REGION, SAGEMAKER, allow, document
from tests.local.serving import WORKS, cache, config, image, model, runtime, served, settled

__all__ = ["cache", "config", "image", "model", "runtime", "served"]

pytestmark = pytest.mark.shows("I6")

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
        }
    ],
}
LOGS = allow(
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams"),
    *("logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents"),
)
STATUSES = (200, 400, 424)


def post(cloud, url, credentials, body=b"1\n2", *, vpc="", kind="text/csv", verb="POST", sign="execute-api", **headers):
    """Send a signed request as a client of no SDK does; status, headers and body."""
    place, asked = urlsplit(url), urlsplit(cloud.endpoint)
    given = {**({"Content-Type": kind} if kind else {}), **headers}
    request = AWSRequest(verb, url, data=body, headers=given)
    if credentials:
        SigV4Auth(credentials, sign, REGION).add_auth(request)
    link = http.client.HTTPConnection(asked.hostname, asked.port, timeout=60)
    sent = {**dict(request.headers.items()), "Host": place.netloc, **({HEADER: vpc} if vpc else {})}
    link.request(verb, place.path, body, sent)
    came = link.getresponse()
    return came.status, dict(came.getheaders()), came.read()


def signed(made):
    """Credentials to sign with, of an answer of AssumeRole."""
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


@pytest.fixture(scope="module")
def plain(client):
    """An endpoint whose image is not here: moto answers for it, with JSON."""
    sagemaker, name = client("sagemaker"), "plain"
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/nowhere:1"
    role = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    client("iam").create_role(RoleName="nobody", AssumeRolePolicyDocument=SAGEMAKER)
    client("iam").put_role_policy(RoleName="nobody", PolicyName="own", PolicyDocument=document(WORKS))
    client("ecr").create_repository(repositoryName="nowhere")
    sagemaker.create_model(ModelName=name, PrimaryContainer={"Image": image}, ExecutionRoleArn=role)
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settled(client, name)
    return name


@pytest.fixture(scope="module")
def network(client):
    """A VPC with an endpoint of API Gateway, the same for a name; its id and the endpoint's."""

    @cache_of_calls
    def make(_name="ours", policy=""):
        vpc = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        given = {"PolicyDocument": policy} if policy else {}
        made = client("ec2").create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.execute-api", VpcEndpointType="Interface", **given
        )
        return vpc, made["VpcEndpoint"]["VpcEndpointId"]

    return make


@pytest.fixture
def caller(client, role):
    """Make a role that may do what is said, and a session of it; ARN and credentials."""

    def make(*statements):
        trusted = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
            ],
        }
        arn = role(*statements, trusted=json.dumps(trusted))
        return arn, signed(client("sts").assume_role(RoleArn=arn, RoleSessionName="ask")["Credentials"])

    return make


@pytest.fixture
def logging(client, role):
    """Let API Gateway write logs, with a role that may."""
    arn = role(LOGS, trusted=json.dumps(TRUST))
    patch = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
    client("apigateway").update_account(patchOperations=patch)
    yield arn
    client("apigateway").update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}])


@pytest.fixture
def api(client, role):
    """Make a private API in front of an endpoint; its id and address."""

    def make(endpoint, vpce, *, askers=("arn:aws:iam::*:role/*",), works=None, trusted=TRUST, rate=None):
        gateway = client("apigateway")
        made = gateway.create_rest_api(name=endpoint, endpointConfiguration={"types": ["PRIVATE"]})
        arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{made['id']}/*"
        statements = [
            {
                **allow("execute-api:Invoke", resource=arn, StringEquals={"aws:SourceVpce": vpce}),
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": arn,
                "Condition": {"StringNotEquals": {"aws:SourceVpce": vpce}},
            },
        ]
        statements[0]["Condition"]["ArnLike"] = {"aws:PrincipalArn": list(askers)}
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        gateway.update_rest_api(
            restApiId=made["id"], patchOperations=[{"op": "replace", "path": "/policy", "value": policy}]
        )
        of = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{endpoint}"
        worker = role(works or allow("sagemaker:InvokeEndpoint", resource=of), trusted=json.dumps(trusted))
        where = {
            "restApiId": made["id"],
            "resourceId": gateway.create_resource(
                restApiId=made["id"], parentId=made["rootResourceId"], pathPart="invocations"
            )["id"],
            "httpMethod": "POST",
        }
        validator = gateway.create_request_validator(
            restApiId=made["id"], name="headers", validateRequestParameters=True
        )["id"]
        gateway.put_method(
            **where,
            authorizationType="AWS_IAM",
            requestValidatorId=validator,
            requestParameters={"method.request.header.Content-Type": True, "method.request.header.Accept": False},
        )
        gateway.put_integration(
            **where,
            type="AWS",
            integrationHttpMethod="POST",
            uri=f"arn:aws:apigateway:{REGION}:runtime.sagemaker:path/endpoints/{endpoint}/invocations",
            credentials=worker,
            passthroughBehavior="WHEN_NO_TEMPLATES",
            requestParameters={"integration.request.header.Content-Type": "method.request.header.Content-Type"},
            timeoutInMillis=5000,
        )
        for status in (*STATUSES, 502):
            gateway.put_method_response(
                **where, statusCode=str(status), responseParameters={"method.response.header.Content-Type": True}
            )
            gateway.put_integration_response(
                **where,
                statusCode=str(status),
                responseParameters={"method.response.header.Content-Type": "integration.response.header.Content-Type"},
                **({} if status == 502 else {"selectionPattern": str(status)}),
            )
        gateway.create_deployment(restApiId=made["id"], stageName="first")
        if rate:
            path = "/*/*/throttling"
            gateway.update_stage(
                restApiId=made["id"],
                stageName="first",
                patchOperations=[
                    {"op": "replace", "path": f"{path}/rateLimit", "value": str(rate)},
                    {"op": "replace", "path": f"{path}/burstLimit", "value": str(rate)},
                ],
            )
        return made["id"], f"https://{made['id']}.execute-api.{REGION}.amazonaws.com/first/invocations"

    return make


@pytest.fixture
def here(cloud, api, network, caller):
    """What a test makes, and how it asks."""
    return SimpleNamespace(api=api, network=network, caller=caller, post=partial(post, cloud))


ASK = allow("execute-api:Invoke", resource=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/first/POST/invocations")


def test_an_api_answers_as_the_endpoint_does_right_and_wrong(model, config, served, runtime, here):
    endpoint = served(config({"all": {"ModelName": model(3)}}))
    vpc, vpce = here.network()
    arn, who = here.caller(ASK)
    _, url = here.api(endpoint, vpce, askers=[arn])

    came = here.post(url, who, vpc=vpc)
    direct = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"1\n2", ContentType="text/csv")
    assert (200, direct["Body"].read(), direct["ContentType"]) == (came[0], came[2], came[1]["Content-Type"])

    status, _, body = here.post(url, who, b"x", vpc=vpc)
    with pytest.raises(ClientError) as error:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", ContentType="text/csv")
    assert (424, error.value.response["OriginalMessage"]) == (status, json.loads(body)["OriginalMessage"])
    assert (504, b'{"message": "Endpoint request timed out"}') == here.post(url, who, b"sleep 7", vpc=vpc)[::2]


def test_nobody_else_is_let_in_and_each_is_told_as_aws_does(plain, here):
    (vpc, vpce), (elsewhere, _) = here.network(), here.network("elsewhere")
    arn, who = here.caller(ASK)
    _, url = here.api(plain, vpce, askers=[arn])
    _, stranger = here.caller()
    _, administrator = here.caller(allow("*"))

    assert 200 == here.post(url, who, vpc=vpc)[0]
    unsigned = here.post(url, None, vpc=vpc)
    assert (403, b'{"message": "Missing Authentication Token"}') == (unsigned[0], unsigned[2])
    assert unsigned[::2] == here.post(url.replace("invocations", "ping"), who, vpc=vpc)[::2]
    assert unsigned[::2] == here.post(url, who, vpc=vpc, verb="PUT")[::2]
    forged = Credentials(who.access_key, "guessed", who.token)
    assert b"signature we calculated does not match" in here.post(url, forged, vpc=vpc)[2]
    assert b"Credential should be scoped to correct service" in here.post(url, who, vpc=vpc, sign="sagemaker")[2]
    status, headers, body = here.post(url, stranger, vpc=vpc)
    assert (403, "AccessDeniedException") == (status, headers["x-amzn-ErrorType"])
    assert b"because no identity-based policy allows the execute-api:Invoke action" in body
    status, _, body = here.post(url, administrator, vpc=elsewhere)
    assert (403, True) == (status, b"with an explicit deny in a resource-based policy" in body)
    assert (403, b'{"message": "Forbidden"}') == here.post(url, administrator)[::2]
    assert (403, b'{"message": "Forbidden"}') == here.post(url.replace("first", "second"), who, vpc=vpc)[::2]


def test_the_endpoint_of_the_network_has_a_say(plain, here):
    vpc, vpce = here.network("closed", document({**allow("execute-api:Invoke", resource="none"), "Principal": "*"}))
    arn, who = here.caller(ASK)
    _, url = here.api(plain, vpce, askers=[arn])

    status, _, body = here.post(url, who, vpc=vpc)
    assert (403, True) == (status, b"no VPC endpoint policy allows" in body)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"works": allow("s3:GetObject")}, 502),
        (
            {
                "trusted": {
                    **TRUST,
                    "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "scheduler.amazonaws.com"}}],
                }
            },
            500,
        ),
        (
            {
                "trusted": {
                    **TRUST,
                    "Statement": [
                        {**TRUST["Statement"][0], "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
                    ],
                }
            },
            500,
        ),
    ],
)
def test_the_api_asks_with_its_own_role_and_what_that_lacks_nobody_gets(plain, given, expected, here):
    vpc, vpce = here.network()
    arn, who = here.caller(allow("*"))
    _, url = here.api(plain, vpce, askers=[arn], **given)

    status, _, body = here.post(url, who, vpc=vpc)
    assert expected == status
    if expected == 502:
        assert b"BackplaneAssumeRoleSession is not authorized to perform: sagemaker:InvokeEndpoint" in body


def test_headers_that_must_be_there_are_asked_for_and_too_many_calls_end(plain, here):
    vpc, vpce = here.network()
    arn, who = here.caller(ASK)
    _, url = here.api(plain, vpce, askers=[arn], rate=2)

    assert b"Missing required request parameters: [Content-Type]" in here.post(url, who, vpc=vpc, kind="")[2]
    assert 429 in {here.post(url, who, vpc=vpc)[0] for _ in range(12)}


def test_a_stage_answers_as_it_was_deployed(client, plain, here):
    vpc, vpce = here.network()
    _, who = here.caller(ASK)
    api_id, url = here.api(plain, vpce)
    assert 200 == here.post(url, who, vpc=vpc)[0]
    gateway = client("apigateway")
    closed = document({"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"})
    patch = [{"op": "replace", "path": "/policy", "value": closed}]
    gateway.update_rest_api(restApiId=api_id, patchOperations=patch)

    assert 200 == here.post(url, who, vpc=vpc)[0]
    gateway.create_deployment(restApiId=api_id, stageName="first")
    assert 403 == here.post(url, who, vpc=vpc)[0]


@pytest.mark.usefixtures("logging")
def test_who_asked_and_how_it_went_is_logged(client, plain, here):
    vpc, vpce = here.network()
    arn, who = here.caller(ASK)
    api_id, url = here.api(plain, vpce, askers=[arn])
    group = f"api-{next(NUMBERS)}"
    client("logs").create_log_group(logGroupName=group)
    form = "$context.status $context.identity.userArn $context.identity.vpceId $context.integration.status"
    for path, value in (
        ("destinationArn", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"),
        ("format", form),
    ):
        client("apigateway").update_stage(
            restApiId=api_id,
            stageName="first",
            patchOperations=[{"op": "replace", "path": f"/accessLogSettings/{path}", "value": value}],
        )
    here.post(url, who, vpc=vpc)
    here.post(url, None, vpc=vpc)

    lines = [each["message"] for each in client("logs").filter_log_events(logGroupName=group)["events"]]
    name = arn.rpartition("/")[2]
    assert [f"200 arn:aws:sts::{ACCOUNT}:assumed-role/{name}/ask {vpce} 200", f"403 - {vpce} -"] == lines


def test_aws_asks_for_a_policy_before_it_deploys_and_for_a_role_before_it_logs(client, role):
    gateway = client("apigateway")
    made = gateway.create_rest_api(name="bare", endpointConfiguration={"types": ["PRIVATE"]})["id"]
    with pytest.raises(ClientError, match="Private REST API doesn't have a resource policy attached to it"):
        gateway.create_deployment(restApiId=made, stageName="first")
    public = gateway.create_rest_api(name="public")
    root = public["rootResourceId"]
    gateway.put_method(restApiId=public["id"], resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=public["id"], resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=public["id"], stageName="first")
    log = {"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}
    with pytest.raises(ClientError, match="CloudWatch Logs role ARN must be set in account settings"):
        gateway.update_stage(restApiId=public["id"], stageName="first", patchOperations=[log])
    for bad in (role(trusted=json.dumps(TRUST)), role(LOGS)):
        with pytest.raises(ClientError, match="does not have required permissions configured"):
            gateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": bad}])


def test_tags_change_and_who_makes_an_api_must_be_let_and_let_pass_its_role(client, person, role):
    gateway = client("apigateway")
    made = gateway.create_rest_api(name="tagged", tags={"a": "1"})["id"]
    arn = f"arn:aws:apigateway:{REGION}::/restapis/{made}"
    gateway.tag_resource(resourceArn=arn, tags={"b": "2"})
    gateway.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert {"b": "2"} == gateway.get_tags(resourceArn=arn)["tags"] == gateway.get_rest_api(restApiId=made)["tags"]

    with pytest.raises(ClientError, match=r"apigateway:POST on resource: arn:aws:apigateway:eu-west-1::/restapis"):
        person(allow("apigateway:GET"))("apigateway").create_rest_api(name="x")
    root = gateway.get_rest_api(restApiId=made)["rootResourceId"]
    gateway.put_method(restApiId=made, resourceId=root, httpMethod="GET", authorizationType="NONE")
    given = {
        "restApiId": made,
        "resourceId": root,
        "httpMethod": "GET",
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:{REGION}:runtime.sagemaker:path/endpoints/x/invocations",
        "credentials": role(trusted=json.dumps(TRUST)),
    }
    with pytest.raises(ClientError, match="iam:PassRole"):
        person(allow("apigateway:*"))("apigateway").put_integration(**given)
    person(allow("apigateway:*"), allow("iam:PassRole"))("apigateway").put_integration(**given)
