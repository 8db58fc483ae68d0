"""EC2, IAM, KMS and S3 refuse what goes beyond the account's quotas.

Codes and words: EC2 API Reference, "Error codes for the Amazon EC2 API"; IAM API Reference, LimitExceeded, with users'
reports for its words; KMS API Reference, CreateKey, which gives no words; S3 API Reference, "Error responses"; all read
2026-11-29.
"""

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from local.handlers.operation import Call, Refusal, requires
from local.handlers.service_quotas import limit


def _hold(call: Call, key: str, number: int, code: str, text: str) -> None:
    """Refuse where *number* is more than the caller has of a quota; {has} in *text* is what it has."""
    has = limit(call, key)[1]
    if number > has:
        raise Refusal(code, text.format(has=int(has)))


@requires("ec2", "CreateVpc")
def vpcs(call: Call) -> None:
    """VPCs of a region, the default one among them."""
    number = len(ec2_backends[call.account][call.region].vpcs) + 1
    _hold(call, "vpc.vpcs_per_region", number, "VpcLimitExceeded", "The maximum number of VPCs has been reached.")


@requires("ec2", "CreateVpcEndpoint")
def endpoints(call: Call) -> None:
    """Interface endpoints of a VPC, gateway endpoints of a region."""
    kind = call.params.get("VpcEndpointType", "Gateway")
    kept = ec2_backends[call.account][call.region].vpc_end_points.values()
    same = [each for each in kept if (each.vpc_endpoint_type or "Gateway") == kind and each.state != "deleted"]
    key = "vpc.gateway_endpoints_per_region"
    if kind == "Interface":
        same = [each for each in same if each.vpc_id == call.params["VpcId"]]
        key = "vpc.interface_endpoints_per_vpc"
    text = "The maximum number of VPC endpoints has been reached."
    _hold(call, key, len(same) + 1, "VpcEndpointLimitExceeded", text)


@requires("ec2", "CreateSecurityGroup")
def groups(call: Call) -> None:
    """Security groups of a region."""
    number = sum(len(each) for each in ec2_backends[call.account][call.region].groups.values()) + 1
    text = f"The maximum number of security groups for VPC '{call.params.get('VpcId')}' has been reached."
    _hold(call, "vpc.security_groups_per_region", number, "SecurityGroupLimitExceeded", text)


@requires("ec2", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress")
def rules(call: Call) -> None:
    """Rules of a security group in one direction; each address, group or prefix list of a request is one."""
    group = ec2_backends[call.account][call.region].get_security_group_from_id(call.params.get("GroupId", ""))
    if group is None:
        return
    kept = group.egress_rules if call.operation.endswith("Egress") else group.ingress_rules
    members = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
    asked = call.params.get("IpPermissions") or [{}]
    more = sum(max(1, sum(len(each.get(member) or ()) for member in members)) for each in asked)
    text = "The maximum number of rules per security group has been reached."
    _hold(call, "vpc.rules_per_security_group", len(kept) + more, "RulesPerSecurityGroupLimitExceeded", text)


@requires("iam", "CreateRole")
def roles(call: Call) -> None:
    """Roles of an account."""
    number = len(iam_backends[call.account]["aws"].roles) + 1
    _hold(call, "iam.roles_per_account", number, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: {has}")


@requires("iam", "CreatePolicy")
def policies(call: Call) -> None:
    """Customer managed policies of an account."""
    kept = iam_backends[call.account]["aws"].managed_policies
    number = sum(f"::{call.account}:" in arn for arn in kept) + 1
    text = "Cannot exceed quota for PoliciesPerAccount: {has}"
    _hold(call, "iam.customer_managed_policies_per_account", number, "LimitExceeded", text)


@requires("iam", "AttachRolePolicy")
def attachments(call: Call) -> None:
    """Managed policies of a role; attaching one again changes nothing."""
    kept = iam_backends[call.account]["aws"].roles.values()
    role = next((each for each in kept if each.name == call.params["RoleName"]), None)
    if role is None or call.params["PolicyArn"] in role.managed_policies:
        return
    number = len(role.managed_policies) + 1
    _hold(
        call, "iam.managed_policies_per_role", number, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: {has}"
    )


@requires("kms", "CreateKey")
def keys(call: Call) -> None:
    """Customer managed keys of a region."""
    number = len(kms_backends[call.account][call.region].keys) + 1
    text = "The request was rejected because a quota was exceeded."
    _hold(call, "kms.customer_managed_keys_per_region", number, "LimitExceededException", text)


@requires("s3", "CreateBucket")
def buckets(call: Call) -> None:
    """General purpose buckets of an account."""
    number = len(s3_backends[call.account]["aws"].buckets) + 1
    text = "You have attempted to create more buckets than allowed"
    _hold(call, "s3.buckets_per_account", number, "TooManyBuckets", text)
