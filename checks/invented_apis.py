"""What AWS would have answered about an HTTP API: ids of ten signs, and the addresses that hold them."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

Invent = Callable[[str, str, str, Mapping[str, Any]], tuple[str, dict[str, Any]]]
"""(seed, region, account, inputs) → id and further outputs."""


def _id(seed: str, count: int = 10) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:count]


def _api(seed: str, region: str, account: str, _: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    identifier = _id(seed)
    return identifier, {
        "rootResourceId": _id(f"{seed}/root"),
        "arn": f"arn:aws:apigateway:{region}::/restapis/{identifier}",
        "executionArn": f"arn:aws:execute-api:{region}:{account}:{identifier}",
    }


def _stage(_: str, region: str, account: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    api, stage = inputs["restApi"], inputs["stageName"]
    return f"ags-{api}-{stage}", {
        "arn": f"arn:aws:apigateway:{region}::/restapis/{api}/stages/{stage}",
        "invokeUrl": f"https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        "executionArn": f"arn:aws:execute-api:{region}:{account}:{api}/{stage}",
    }


def _plain(seed: str, _: str, __: str, ___: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return _id(seed), {}


APIS: Final[dict[str, Invent]] = {
    "aws:apigateway/restApi:RestApi": _api,
    "aws:apigateway/resource:Resource": _plain,
    "aws:apigateway/deployment:Deployment": _plain,
    "aws:apigateway/requestValidator:RequestValidator": _plain,
    "aws:apigateway/stage:Stage": _stage,
}
"""Types of API Gateway, and how AWS answers."""
