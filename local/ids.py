"""Resource type and inputs → the id to read a resource by, for resources whose creation nobody noted.

NAMED: the id follows from the inputs; whether the resource exists is the refresh's to find out. LOOKED_UP:
AWS invents the id, so a list call finds the resource by what makes it unique; ids the state has already are
not it.

Source: section "Import" of each type's page, provider docs of pulumi-aws 7.21.0.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Inputs = Mapping[str, Any]

NAMED: dict[str, str] = {
    "aws:athena/dataCatalog:DataCatalog": "{name}",
    "aws:athena/workgroup:Workgroup": "{name}",
    "aws:budgets/budget:Budget": "{account}:{name}",
    "aws:cloudwatch/dashboard:Dashboard": "{dashboardName}",
    "aws:cloudwatch/logGroup:LogGroup": "{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "{name}",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "{subnetId}/{routeTableId}",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "{repository}",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": "{account}",
    "aws:ecr/repository:Repository": "{name}",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "{repository}",
    "aws:glue/catalogDatabase:CatalogDatabase": "{account}:{name}",
    "aws:glue/catalogTable:CatalogTable": "{account}:{databaseName}:{name}",
    "aws:glue/resourcePolicy:ResourcePolicy": "{region}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "arn:aws:iam::{account}:oidc-provider/{host}",
    "aws:iam/policy:Policy": "arn:aws:iam::{account}:policy{path}{name}",
    "aws:iam/role:Role": "{name}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
    "aws:kms/alias:Alias": "{name}",
    "aws:organizations/delegatedAdministrator:DelegatedAdministrator": "{accountId}/{servicePrincipal}",
    "aws:organizations/policyAttachment:PolicyAttachment": "{targetId}:{policyId}",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": "{account}",
    "aws:s3/bucket:Bucket": "{bucket}",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "{bucket}",
    "aws:s3/bucketLogging:BucketLogging": "{bucket}",
    "aws:s3/bucketNotification:BucketNotification": "{bucket}",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "{bucket}",
    "aws:s3/bucketPolicy:BucketPolicy": "{bucket}",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "{bucket}",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "{bucket}",
    "aws:s3/bucketVersioning:BucketVersioning": "{bucket}",
    "aws:sagemaker/appImageConfig:AppImageConfig": "{appImageConfigName}",
    "aws:sagemaker/featureGroup:FeatureGroup": "{featureGroupName}",
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": "{trackingServerName}",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "{modelPackageGroupName}",
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": "{modelPackageGroupName}",
    "aws:sagemaker/pipeline:Pipeline": "{pipelineName}",
    "aws:sagemaker/space:Space": "arn:aws:sagemaker:{region}:{account}:space/{domainId}/{spaceName}",
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": "{studioLifecycleConfigName}",
    "aws:sagemaker/userProfile:UserProfile": (
        "arn:aws:sagemaker:{region}:{account}:user-profile/{domainId}/{userProfileName}"
    ),
    "aws:scheduler/schedule:Schedule": "{groupName}/{name}",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "{name}",
    "aws:sns/topic:Topic": "arn:aws:sns:{region}:{account}:{name}",
    "aws:ssm/parameter:Parameter": "{name}",
    "aws:ssoadmin/accountAssignment:AccountAssignment": (
        "{principalId},{principalType},{targetId},{targetType},{permissionSetArn},{instanceArn}"
    ),
    "aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes": "{instanceArn}",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "{permissionSetArn},{instanceArn}",
}


def find_id(kind: str, inputs: Inputs, access: Any, taken: set[tuple[str, str]]) -> str | None:  # noqa: ANN401 - Access, or a test's
    """Return the id under which a resource of type *kind* would exist, None if it surely doesn't.

    Args:
        kind: Pulumi's type token.
        inputs: what it was to be made of.
        access: account, region and client(service) of its provider.
        taken: (type, id) of resources in the state: not this one.

    Raises:
        LookupError: the type is in neither table.
    """
    if kind in NAMED:
        known = {
            "account": access.account,
            "region": inputs.get("region") or access.region,
            "path": "/",
            "host": str(inputs.get("url", "")).removeprefix("https://"),
        }
        return NAMED[kind].format_map({**known, **inputs})
    if kind not in LOOKED_UP:
        raise LookupError(kind)
    found = [known for known in LOOKED_UP[kind](inputs, access) if (kind, known) not in taken]
    return found[0] if found else None


def _pages(client: Any, operation: str, member: str, **given: Any) -> Iterable[Any]:  # noqa: ANN401 - boto3 ships no types
    """All items of a list call."""
    if not client.can_paginate(operation):
        yield from getattr(client, operation)(**given)[member]
        return
    for page in client.get_paginator(operation).paginate(**given):
        yield from page[member]


def _tagged(item: Mapping[str, Any], inputs: Inputs) -> bool:
    """Whether an EC2 resource carries all the tags that were asked for."""
    tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}
    wanted = inputs.get("tagsAll") or inputs.get("tags") or {}
    return all(tags.get(key) == value for key, value in wanted.items() if not key.startswith("__"))


def _ec2(operation: str, member: str, key: str, **filters: str) -> Callable[[Inputs, Any], list[str]]:
    """Look an EC2 resource up by filters, values taken from the inputs, and by its tags."""

    def look(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
        wanted = [{"Name": name.replace("_", "-"), "Values": [str(inputs[source])]} for name, source in filters.items()]
        client = access.client("ec2", inputs.get("region"))
        return [str(item[key]) for item in _pages(client, operation, member, Filters=wanted) if _tagged(item, inputs)]

    return look


def _default_group(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    filters = [
        {"Name": "vpc-id", "Values": [inputs["vpcId"]]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    client = access.client("ec2", inputs.get("region"))
    return [group["GroupId"] for group in client.describe_security_groups(Filters=filters)["SecurityGroups"]]


def _group_rule(*, egress: bool) -> Callable[[Inputs, Any], list[str]]:
    """Look a security group rule up by all it says."""
    members = {
        "IpProtocol": "ipProtocol",
        "FromPort": "fromPort",
        "ToPort": "toPort",
        "CidrIpv4": "cidrIpv4",
        "CidrIpv6": "cidrIpv6",
        "PrefixListId": "prefixListId",
    }

    def look(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
        filters = [{"Name": "group-id", "Values": [inputs["securityGroupId"]]}]
        client = access.client("ec2", inputs.get("region"))
        return [
            rule["SecurityGroupRuleId"]
            for rule in _pages(client, "describe_security_group_rules", "SecurityGroupRules", Filters=filters)
            if rule["IsEgress"] == egress
            and all(
                inputs.get(name) is None or str(rule.get(member)) == str(inputs[name])
                for member, name in members.items()
            )
            and inputs.get("referencedSecurityGroupId") in (None, rule.get("ReferencedGroupInfo", {}).get("GroupId"))
        ]

    return look


def _flow_log(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    subject = inputs.get("vpcId") or inputs.get("subnetId") or inputs.get("eniId")
    client = access.client("ec2", inputs.get("region"))
    filters = [{"Name": "resource-id", "Values": [subject]}]
    return [log["FlowLogId"] for log in _pages(client, "describe_flow_logs", "FlowLogs", Filters=filters)]


def _key(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    client = access.client("kms", inputs.get("region"))
    found = []
    for item in _pages(client, "list_keys", "Keys"):
        key = client.describe_key(KeyId=item["KeyId"])["KeyMetadata"]
        if key["KeyState"] == "PendingDeletion" or key.get("Description") != inputs.get("description", ""):
            continue
        tags = client.list_resource_tags(KeyId=item["KeyId"]).get("Tags", [])
        plain = [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in tags]
        if _tagged({"Tags": plain}, inputs):
            found.append(str(item["KeyId"]))
    return found


def _domain(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    domains = _pages(access.client("sagemaker", inputs.get("region")), "list_domains", "Domains")
    return [domain["DomainId"] for domain in domains if domain["DomainName"] == inputs["domainName"]]


def _organization(_inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    client = access.client("organizations")
    try:
        return [client.describe_organization()["Organization"]["Id"]]
    except client.exceptions.AWSOrganizationsNotInUseException:
        return []


def _account(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    accounts = _pages(access.client("organizations"), "list_accounts", "Accounts")
    return [account["Id"] for account in accounts if account["Email"] == inputs["email"]]


def _unit(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    client = access.client("organizations")
    units = _pages(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=inputs["parentId"])
    return [unit["Id"] for unit in units if unit["Name"] == inputs["name"]]


def _policy(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    kind = inputs.get("type") or "SERVICE_CONTROL_POLICY"
    policies = _pages(access.client("organizations"), "list_policies", "Policies", Filter=kind)
    return [policy["Id"] for policy in policies if policy["Name"] == inputs["name"]]


def _permission_set(inputs: Inputs, access: Any) -> list[str]:  # noqa: ANN401 - Access
    client, instance = access.client("sso-admin", inputs.get("region")), inputs["instanceArn"]
    return [
        f"{arn},{instance}"
        for arn in _pages(client, "list_permission_sets", "PermissionSets", InstanceArn=instance)
        if client.describe_permission_set(InstanceArn=instance, PermissionSetArn=arn)["PermissionSet"]["Name"]
        == inputs["name"]
    ]


LOOKED_UP: dict[str, Callable[[Inputs, Any], list[str]]] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_group,
    "aws:ec2/flowLog:FlowLog": _flow_log,
    "aws:ec2/routeTable:RouteTable": _ec2("describe_route_tables", "RouteTables", "RouteTableId", vpc_id="vpcId"),
    "aws:ec2/securityGroup:SecurityGroup": _ec2(
        "describe_security_groups", "SecurityGroups", "GroupId", vpc_id="vpcId", group_name="name"
    ),
    "aws:ec2/subnet:Subnet": _ec2("describe_subnets", "Subnets", "SubnetId", vpc_id="vpcId", cidr_block="cidrBlock"),
    "aws:ec2/vpc:Vpc": _ec2("describe_vpcs", "Vpcs", "VpcId", cidr="cidrBlock"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2(
        "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", vpc_id="vpcId", service_name="serviceName"
    ),
    "aws:kms/key:Key": _key,
    "aws:organizations/account:Account": _account,
    "aws:organizations/organization:Organization": _organization,
    "aws:organizations/organizationalUnit:OrganizationalUnit": _unit,
    "aws:organizations/policy:Policy": _policy,
    "aws:sagemaker/domain:Domain": _domain,
    "aws:ssoadmin/permissionSet:PermissionSet": _permission_set,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _group_rule(egress=True),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _group_rule(egress=False),
}
