"""API Gateway: the tags that moto has no way to change, and what AWS asks for before an API answers or is logged.

The refusals' words are from public reports: hashicorp/terraform-provider-aws issue 14290 (a private API without a
policy), aws-samples/amazon-bedrock-knowledgebase-slackbot issue 6 (logs without an account's role),
aws-cloudformation/rain issue 163 (a role that will not do), read 2026-11-30. AWS does not say what it tries of that
role; here it is what its own policy for it holds, on any log group. Else API Gateway Developer Guide, "Set up
CloudWatch logging for REST APIs in API Gateway" and "Create a private API", read 2026-11-30.
"""

import json
import re
from typing import Any, Final

from moto.apigateway.models import RestAPI, apigateway_backends

from local.apis.deployed import keep
from local.authority.role_rights import not_trusted, refused
from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record

SERVICE: Final = "apigateway"
HOST: Final = "apigateway.amazonaws.com"
LOGS: Final = (
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams"),
    *("logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents"),
)
_BAD: Final = "BadRequestException"
_LOGGED: Final = re.compile(r"/accessLogSettings(/.*)?$|/[^/]+/[^/]+/logging/loglevel$")
_SETTINGS: Final = re.compile(r"/(?P<path>[^/]+)/(?P<verb>[^/]+)$")


def _backend(call: Call) -> Any:  # noqa: ANN401 - moto's class
    return apigateway_backends[call.account][call.region]


@requires(SERVICE, "CreateDeployment")
def has_policy(call: Call) -> None:
    """Deploy no private API that answers nobody."""
    api = _backend(call).get_rest_api(call.params["restApiId"])
    if "PRIVATE" in api.endpoint_configuration["types"] and not api.policy:
        raise Refusal(_BAD, "Private REST API doesn't have a resource policy attached to it")


@completes(SERVICE, "CreateDeployment")
def deployed(call: Call) -> None:
    """Keep what is deployed."""
    keep(call.account, call.region, call.params["restApiId"])


@requires(SERVICE, "UpdateStage")
def may_log(call: Call) -> None:
    """Write no logs without a role for it."""
    logged = [
        each
        for each in call.params.get("patchOperations", ())
        if each["op"] != "remove" and _LOGGED.match(each["path"]) and each.get("value") not in {None, "", "OFF"}
    ]
    if logged and not _backend(call).account.cloudwatch_role_arn:
        raise Refusal(_BAD, "CloudWatch Logs role ARN must be set in account settings to enable logging")


@completes(SERVICE, "UpdateStage")
def forget_settings(call: Call) -> None:
    """Take out settings of methods, which moto keeps."""
    stage = _backend(call).get_stage(call.params["restApiId"], call.params["stageName"])
    for each in call.params.get("patchOperations", ()):
        if each["op"] == "remove" and (found := _SETTINGS.match(each["path"])):
            stage.method_settings.pop(f"{found['path']}/{found['verb']}", None)


@requires(SERVICE, "UpdateAccount")
def can_log(call: Call) -> None:
    """Take no role for logs that cannot write any."""
    for each in call.params.get("patchOperations", ()):
        role = each.get("value")
        if each["path"] != "/cloudwatchRoleArn" or each["op"] == "remove" or not role:
            continue
        anywhere = f"arn:aws:logs:{call.region}:{call.account}:log-group:any"
        if not_trusted(call, role, HOST) or any(refused(call, role, action, anywhere) for action in LOGS):
            raise Refusal(
                _BAD,
                "The role ARN does not have required permissions configured. Please grant trust permission for API "
                "Gateway and add the required role policy.",
            )


@operation(SERVICE, "UpdateAccount")
def set_account(call: Call) -> Record | None:
    """Set the role for logs, or, where the operation brings no value, take it out, which moto cannot."""
    account = _backend(call).account
    patches = call.params.get("patchOperations", ())
    if any(each["path"] != "/cloudwatchRoleArn" for each in patches):
        return None
    for each in patches:
        account.cloudwatch_role_arn = each.get("value") or None
    return {name: value for name, value in account.to_json().items() if value is not None}


def install() -> None:
    """Let an API's policy come back as AWS gives it: its quotes escaped, which the provider takes off again.

    Source: hashicorp/terraform-provider-aws, internal/service/apigateway/rest_api.go (flattenAPIPolicy), read
    2026-11-30.
    """
    plain = RestAPI.to_dict

    def escaped(self: RestAPI) -> dict[str, Any]:
        shown = plain(self)
        return {**shown, "policy": json.dumps(shown["policy"])[1:-1] if shown.get("policy") else None}

    RestAPI.to_dict = escaped  # type: ignore[method-assign] # mends moto


@operation(SERVICE, "TagResource", "UntagResource", "GetTags")
def tags(call: Call) -> Record:
    """Tags of an API or of a stage."""
    arn = str(call.params["resourceArn"])
    found = re.search(r"::/restapis/([^/]+)(?:/stages/([^/]+))?$", arn)
    if not found:
        raise Refusal(_BAD, f"Invalid resource ARN: {arn}")
    api = _backend(call).get_rest_api(found[1])
    holder = api.stages[found[2]] if found[2] else api
    holder.tags = {**(holder.tags or {}), **call.params.get("tags", {})}
    for key in call.params.get("tagKeys", ()):
        holder.tags.pop(key, None)
    return {"tags": holder.tags} if call.operation == "GetTags" else {}
