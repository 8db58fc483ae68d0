"""An HTTP API in front of an endpoint: private, behind IAM, and the model's answer as it is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.access.grants.apis import answer
from components.access.role import service_role, trust_api_gateway
from components.serving.api_policy import api_policy
from zone import names
from zone.serving_names import API_METHOD, api_role

TIMEOUT_MS: Final = 29_000
"""How long it waits for the model [ms], AWS's most without a raised quota. Source: API Gateway Developer Guide, "Quotas
for configuring and running a REST API", read 2026-11-30."""

MOST_AT_ONCE: Final = 5_000
"""Calls at once that an account has room for in a region [count]. Source: the same guide, "Amazon API Gateway quotas",
read 2026-11-30."""

STATUSES: Final = {
    200: "answer",
    400: "validation-error",
    424: "model-error",
    429: "model-not-ready",
    500: "internal-failure",
    503: "service-unavailable",
    530: "internal-dependency",
}
"""What SageMaker answers InvokeEndpoint with. Source: botocore's model of SageMaker Runtime, read 2026-11-30."""

OTHER: Final = 502
"""Anything else, as 403 where the API's own role is refused: the caller is not at fault."""

_ATTRIBUTES, _INFERENCE = "X-Amzn-SageMaker-Custom-Attributes", "X-Amzn-SageMaker-Inference-Id"
ASKED: Final = {"Content-Type": True, "Accept": False, _ATTRIBUTES: False, _INFERENCE: False}
"""Headers that go on to the model, and whether they must be there. An inference id is kept with the captured call."""

ANSWERED: Final = ("Content-Type", _ATTRIBUTES, "x-Amzn-Invoked-Production-Variant")
"""Headers that come back."""

_LOGGED: Final = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTime",
    "caller": "$context.identity.userArn",
    "ip": "$context.identity.sourceIp",
    "vpce": "$context.identity.vpceId",
    "method": "$context.httpMethod",
    "path": "$context.resourcePath",
    "status": "$context.status",
    "modelStatus": "$context.integration.status",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.message",
}
"""A line of the access log: who, from where, how it went, and nothing of question and answer. Source: API Gateway
Developer Guide, "Variables for access logging for API Gateway", read 2026-11-30."""


@dataclass(frozen=True, kw_only=True)
class EndpointApiArgs:
    """Inputs of EndpointApi."""

    endpoint: str
    """Name under which the team declares the endpoint: the API's stage."""

    endpoint_arn: str
    """ARN of the endpoint. Plain: it decides what the API's role may."""

    account_key: str
    """Account; part of the log group's name."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Its region."""

    caller_role_arns: Sequence[str]
    """Roles that ask."""

    vpc_id: pulumi.Input[str]
    """Network it is asked from."""

    vpc_endpoint_id: pulumi.Input[str] | None
    """API Gateway's VPC endpoint in that network, through which alone it is asked; None: through any of the network."""

    calls_per_second: int
    """Calls a second that it lets through [count]."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the API's role."""

    log_key_arn: pulumi.Input[str]
    """Key of the logs."""

    log_retention_days: int
    """How long they are kept [days]."""

    disposable: bool
    """Whether destroying the stack may delete them."""


class EndpointApi(pulumi.ComponentResource):
    """`POST /<endpoint>/invocations`: API Gateway asks the endpoint with a role that may do nothing else.

    Question and answer pass as text, as they are; so does an error of the model (424), whose body has the model's own
    status and words. A change of the API is deployed at once. Source: API Gateway Developer Guide, "Content type
    conversions in API Gateway", "Set up an integration response in API Gateway", "Method request behavior for payloads
    without mapping templates", read 2026-11-30.
    """

    url: pulumi.Output[str]
    """Its address, which resolves in the network only."""

    def __init__(self, name: str, args: EndpointApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:EndpointApi", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        # What AWS knows by its place in the API: made anew first, it would go with the old one's deletion.
        placed = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
        endpoint_name = args.endpoint_arn.rpartition("/")[2]

        role = service_role(
            f"{name}-api",
            api_role(args.endpoint),
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_api_gateway(args.account_id),
            statements=answer(args.endpoint_arn),
            child=child,
        )
        api = aws.apigateway.RestApi(
            f"{name}-api",
            name=endpoint_name,
            description=f"Asks the endpoint {endpoint_name}",
            endpoint_configuration={"types": "PRIVATE"},
            opts=child,
        )
        document = api_policy(
            api.execution_arn,
            stage=args.endpoint,
            account_id=args.account_id,
            caller_role_arns=args.caller_role_arns,
            source=(
                ("aws:SourceVpc", args.vpc_id)
                if args.vpc_endpoint_id is None
                else ("aws:SourceVpce", args.vpc_endpoint_id)
            ),
        )
        policy = aws.apigateway.RestApiPolicy(f"{name}-api", rest_api_id=api.id, policy=document, opts=child)
        verb, path = API_METHOD.split("/")
        resource = aws.apigateway.Resource(
            f"{name}-api", rest_api=api.id, parent_id=api.root_resource_id, path_part=path, opts=placed
        )
        validator = aws.apigateway.RequestValidator(
            f"{name}-api", rest_api=api.id, name="headers", validate_request_parameters=True, opts=child
        )
        where: dict[str, Any] = {"rest_api": api.id, "resource_id": resource.id}
        method = aws.apigateway.Method(
            f"{name}-api",
            **where,
            http_method=verb,
            authorization="AWS_IAM",
            request_validator_id=validator.id,
            request_parameters={f"method.request.header.{header}": must for header, must in ASKED.items()},
            opts=placed,
        )
        integration = aws.apigateway.Integration(
            f"{name}-api",
            **where,
            http_method=method.http_method,
            type="AWS",
            integration_http_method="POST",
            uri=f"arn:aws:apigateway:{args.region}:runtime.sagemaker:path/endpoints/{endpoint_name}/invocations",
            credentials=role,
            passthrough_behavior="WHEN_NO_TEMPLATES",
            request_parameters={
                f"integration.request.header.{header}": f"method.request.header.{header}" for header in ASKED
            },
            timeout_milliseconds=TIMEOUT_MS,
            opts=placed,
        )
        passed = [
            _passed(f"{name}-api-{said}", status, where, method=method, integration=integration, placed=placed)
            for status, said in {**STATUSES, OTHER: "other"}.items()
        ]
        deployment = aws.apigateway.Deployment(
            f"{name}-api",
            rest_api=api.id,
            # What a stage answers with is what was deployed: whatever changes, the policy too, is deployed anew.
            triggers={"of": pulumi.Output.from_input(document).apply(lambda text: _digest(text, args, endpoint_name))},
            opts=child.merge(pulumi.ResourceOptions(depends_on=[policy, integration, *passed])),
        )
        self.url = _stage(name, args, api, deployment, child)
        self.register_outputs({"url": self.url})


def _passed(
    logical: str,
    status: int,
    where: dict[str, Any],
    *,
    method: aws.apigateway.Method,
    integration: aws.apigateway.Integration,
    placed: pulumi.ResourceOptions,
) -> aws.apigateway.IntegrationResponse:
    """Hand on SageMaker's answer of one status, or, where none fits, any other.

    With method and integration AWS deletes their responses: these name both, so they are made anew with them.
    """
    response = aws.apigateway.MethodResponse(
        logical,
        **where,
        http_method=method.http_method,
        status_code=str(status),
        response_parameters={f"method.response.header.{header}": True for header in ANSWERED},
        opts=placed,
    )
    return aws.apigateway.IntegrationResponse(
        logical,
        **where,
        http_method=integration.http_method,
        status_code=response.status_code,
        # For all backends but Lambda the pattern is matched against the status. Source: API Gateway API Reference,
        # IntegrationResponse (botocore's model), read 2026-11-30.
        selection_pattern=None if status == OTHER else str(status),
        response_parameters={
            f"method.response.header.{header}": f"integration.response.header.{header}" for header in ANSWERED
        },
        opts=placed,
    )


def _stage(
    name: str,
    args: EndpointApiArgs,
    api: aws.apigateway.RestApi,
    deployment: aws.apigateway.Deployment,
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Let the API answer, limited and logged, and return its address.

    The log of failures has a name that AWS gives it. It is made first, or AWS would make it, without key and end.
    """
    kept = pulumi.ResourceOptions(
        protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
    )
    named: dict[str, pulumi.Input[str]] = {
        "calls": names.log_group(args.account_key, f"api-{args.endpoint}"),
        "failures": pulumi.Output.concat("API-Gateway-Execution-Logs_", api.id, "/", args.endpoint),
    }
    groups = {
        what: aws.cloudwatch.LogGroup(
            f"{name}-api-{what}",
            name=group,
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            opts=child.merge(kept),
        )
        for what, group in named.items()
    }
    stage = aws.apigateway.Stage(
        f"{name}-api",
        rest_api=api.id,
        deployment=deployment.id,
        stage_name=args.endpoint,
        access_log_settings={"destination_arn": groups["calls"].arn, "format": pulumi.Output.json_dumps(_LOGGED)},
        # Traces would leave for X-Ray in AWS's own name; time and status are in the log.
        xray_tracing_enabled=False,
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    aws.apigateway.MethodSettings(
        f"{name}-api",
        rest_api=api.id,
        stage_name=stage.stage_name,
        method_path="*/*",
        settings={
            "metrics_enabled": True,
            "logging_level": "ERROR",
            # It would write questions and answers into the log.
            "data_trace_enabled": False,
            "throttling_rate_limit": args.calls_per_second,
            "throttling_burst_limit": min(2 * args.calls_per_second, MOST_AT_ONCE),
        },
        opts=child.merge(pulumi.ResourceOptions(depends_on=[groups["failures"]])),
    )
    return pulumi.Output.concat(stage.invoke_url, "/", API_METHOD.split("/")[1])


def _digest(policy: Any, args: EndpointApiArgs, endpoint_name: str) -> str:  # noqa: ANN401 - text or None
    """What a deployment fixes. A new field of the API belongs here."""
    said = repr((endpoint_name, args.region, STATUSES, OTHER, ASKED, ANSWERED, TIMEOUT_MS))
    return hashlib.sha256(f"{policy}\n{said}".encode()).hexdigest()
