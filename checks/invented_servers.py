"""What AWS would have answered of servers: balancers, databases and tasks have more names than one."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

Inputs = Mapping[str, Any]
Answer = tuple[str, dict[str, Any]]


def _hex(seed: str, count: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:count]


def _name(seed: str, inputs: Inputs) -> str:
    given: str = inputs.get("name") or f"{inputs.get('namePrefix', '')}{_hex(seed, 16)}"
    return given


def _load_balancer(seed: str, region: str, account: str, inputs: Inputs) -> Answer:
    kind = "net" if inputs.get("loadBalancerType") == "network" else "app"
    suffix = f"{kind}/{_name(seed, inputs)}/{_hex(seed, 16)}"
    arn = f"arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{suffix}"
    dns = f"internal-{_name(seed, inputs)}-{int(_hex(seed, 8), 16)}.{region}.elb.amazonaws.com"
    return arn, {"arn": arn, "arnSuffix": suffix, "dnsName": dns, "zoneId": f"Z{_hex(seed, 13).upper()}"}


def _target_group(seed: str, region: str, account: str, inputs: Inputs) -> Answer:
    suffix = f"targetgroup/{_name(seed, inputs)}/{_hex(seed, 16)}"
    arn = f"arn:aws:elasticloadbalancing:{region}:{account}:{suffix}"
    return arn, {"arn": arn, "arnSuffix": suffix, "name": _name(seed, inputs)}


def _database(seed: str, region: str, account: str, inputs: Inputs) -> Answer:
    identifier = inputs["identifier"]
    resource = f"db-{_hex(seed, 26).upper()}"
    secret = f"arn:aws:secretsmanager:{region}:{account}:secret:rds!{resource.lower()}-{_hex(seed, 6)}"
    host = f"{identifier}.{_hex(seed, 12)}.{region}.rds.amazonaws.com"
    return resource, {
        "arn": f"arn:aws:rds:{region}:{account}:db:{identifier}",
        "address": host,
        "resourceId": resource,
        "masterUserSecrets": [{"secretArn": secret, "kmsKeyId": inputs.get("masterUserSecretKmsKeyId", "")}],
    }


def _endpoint_service(seed: str, region: str, account: str, _: Inputs) -> Answer:
    identifier = f"vpce-svc-{_hex(seed, 17)}"
    arn = f"arn:aws:ec2:{region}:{account}:vpc-endpoint-service/{identifier}"
    return identifier, {"arn": arn, "serviceName": f"com.amazonaws.vpce.{region}.{identifier}"}


def _cluster(_: str, region: str, account: str, inputs: Inputs) -> Answer:
    arn = f"arn:aws:ecs:{region}:{account}:cluster/{inputs['name']}"
    return arn, {"arn": arn}


def _task_definition(_: str, region: str, account: str, inputs: Inputs) -> Answer:
    return inputs["family"], {"arn": f"arn:aws:ecs:{region}:{account}:task-definition/{inputs['family']}:1"}


def _topic(_: str, region: str, account: str, inputs: Inputs) -> Answer:
    arn = f"arn:aws:sns:{region}:{account}:{inputs['name']}"
    return arn, {"arn": arn}


ANSWERS: Final[Mapping[str, Callable[[str, str, str, Inputs], Answer]]] = {
    "aws:ec2/vpcEndpointService:VpcEndpointService": _endpoint_service,
    "aws:ecs/cluster:Cluster": _cluster,
    "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:rds/instance:Instance": _database,
    "aws:sns/topic:Topic": _topic,
}
"""By type: id and outputs, of a seed, region, account and the inputs."""
