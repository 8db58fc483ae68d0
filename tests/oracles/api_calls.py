"""Which requests make a resource, and what each property is called in them."""

from tests.oracles.mapping import (
    Ask,
    Mapped,
    access_attributes,
    alias_target,
    athena_results,
    network_of_zone,
    notifications,
)


def _rule(operation):
    """One rule of a security group; EC2 takes a list of permissions, each with lists of peers."""
    permission = "IpPermissions.{}".format
    return Mapped(
        (
            Ask(
                f"ec2.{operation}",
                {
                    "securityGroupId": "GroupId",
                    "ipProtocol": permission("IpProtocol"),
                    "fromPort": permission("FromPort"),
                    "toPort": permission("ToPort"),
                    "cidrIpv4": permission("IpRanges.CidrIp"),
                    "prefixListId": permission("PrefixListIds.PrefixListId"),
                    "referencedSecurityGroupId": permission("UserIdGroupPairs.GroupId"),
                },
                tags="TagSpecifications.Tags",
                given={"TagSpecifications.ResourceType": "security-group-rule"},
            ),
        ),
        {"description": "lies beside the peer, whichever that is; EC2's model says nothing of its characters"},
    )


def _sagemaker(noun, elsewhere=None, **more):
    return Mapped((Ask(f"sagemaker.Create{noun}", tags="Tags", **more),), elsewhere or {})


def _ec2(noun, kind, *, more=(), **ask):
    """EC2 takes tags in a list, for several resources may come of one request."""
    tags = {"tags": "TagSpecifications.Tags", "given": {"TagSpecifications.ResourceType": kind, **ask.pop("given", {})}}
    return Mapped((Ask(f"ec2.Create{noun}", **tags, **ask), *more))


def _alone(of, **takes):
    return Mapped((Ask(of, takes),))


def _queries(configuration):
    return {"Configuration": athena_results(configuration)}


def _portal(operation, takes=None, **more):
    return Mapped((Ask(f"sso-admin.{operation}", takes or {}, **more),), {"region": "says whose endpoint is asked"})


_REGION = {"region": "says whose endpoint is asked"}


def _dimensions(given):
    return {"Dimensions": [{"Name": name, "Value": value} for name, value in given.items()]}


def _steps(given):
    """The provider takes bounds as texts, so that none is told from 0."""
    steps = [
        {key: float(value) if key.endswith("Bound") else value for key, value in step.items()}
        for step in given["stepAdjustments"]
    ]
    return {"StepScalingPolicyConfiguration": {**given, "stepAdjustments": steps}}


def _container(place):
    """Of an app's image: the provider has plurals where AWS has none."""
    names = {
        "containerArguments": "ContainerArguments",
        "containerEntrypoints": "ContainerEntrypoint",
        "containerEnvironmentVariables": "ContainerEnvironmentVariables",
    }

    def places(given):
        return {f"{place}.ContainerConfig.{names[name]}": value for name, value in given["containerConfig"].items()}

    return places


def _patch(path):
    """API Gateway changes what is there by operations on paths."""

    def operations(value):
        return {"patchOperations": [{"op": "replace", "path": path, "value": _as_text(value)}]}

    return operations


def _as_text(value):
    """Numbers and truths are texts there; what is neither is wrong."""
    return value if isinstance(value, dict | list) else str(value)


def _settings(paths, below=""):
    """An operation for each of several settings."""

    def operations(given):
        changed = [
            {"op": "replace", "path": f"{below}{paths.get(name, name)}", "value": _as_text(value)}
            for name, value in given.items()
        ]
        return {"patchOperations": changed}

    return operations


def _gateway(operation, more=(), elsewhere=None, **takes):
    tags = {"tags": takes.pop("tags")} if "tags" in takes else {}
    return Mapped((Ask(f"apigateway.{operation}", {"restApi": "restApiId", **takes}, **tags), *more), elsewhere or {})


_METHOD_SETTINGS = {
    "metricsEnabled": "metrics/enabled",
    "loggingLevel": "logging/loglevel",
    "dataTraceEnabled": "logging/dataTrace",
    "throttlingRateLimit": "throttling/rateLimit",
    "throttlingBurstLimit": "throttling/burstLimit",
}
_OF_STAGE = {"restApi": "restApiId", "stageName": "stageName"}


CALLS = {
    "aws:apigateway/account:Account": _alone(
        "apigateway.UpdateAccount", cloudwatchRoleArn=_patch("/cloudwatchRoleArn")
    ),
    "aws:apigateway/deployment:Deployment": _gateway(
        "CreateDeployment", elsewhere={"triggers": "the provider's own: a change makes a new one"}
    ),
    "aws:apigateway/integration:Integration": _gateway("PutIntegration", timeoutMilliseconds="timeoutInMillis"),
    "aws:apigateway/integrationResponse:IntegrationResponse": _gateway("PutIntegrationResponse"),
    "aws:apigateway/method:Method": _gateway("PutMethod", authorization="authorizationType"),
    "aws:apigateway/methodResponse:MethodResponse": _gateway("PutMethodResponse"),
    "aws:apigateway/methodSettings:MethodSettings": Mapped(
        (Ask("apigateway.UpdateStage", {**_OF_STAGE, "settings": _settings(_METHOD_SETTINGS, "/*/*/")}),),
        {"methodPath": "begins the path of each operation: ours is for all methods"},
    ),
    "aws:apigateway/requestValidator:RequestValidator": _gateway("CreateRequestValidator"),
    "aws:apigateway/resource:Resource": _gateway("CreateResource"),
    "aws:apigateway/restApi:RestApi": _gateway("CreateRestApi", tags="tags"),
    "aws:apigateway/restApiPolicy:RestApiPolicy": _gateway("UpdateRestApi", policy=_patch("/policy")),
    "aws:apigateway/stage:Stage": _gateway(
        "CreateStage",
        (
            Ask(
                "apigateway.UpdateStage",
                {**_OF_STAGE, "accessLogSettings": _settings({}, "/accessLogSettings/")},
                rest=None,
            ),
        ),
        tags="tags",
        stageName="stageName",
        deployment="deploymentId",
        xrayTracingEnabled="tracingEnabled",
    ),
    "aws:athena/dataCatalog:DataCatalog": Mapped((Ask("athena.CreateDataCatalog", tags="Tags"),)),
    "aws:athena/workgroup:Workgroup": Mapped(
        (Ask("athena.CreateWorkGroup", {"configuration": _queries}, tags="Tags"),),
        {"forceDestroy": "the provider heeds it when it deletes"},
    ),
    "aws:budgets/budget:Budget": Mapped(
        (
            Ask(
                "budgets.CreateBudget",
                {
                    "limitAmount": "Budget.BudgetLimit.Amount",
                    "limitUnit": "Budget.BudgetLimit.Unit",
                    "notifications": notifications,
                },
                rest="Budget",
                given={"AccountId": "111122223333"},
                named="Budget.BudgetName",
                tags="ResourceTags",
            ),
        )
    ),
    "aws:cloudwatch/logGroup:LogGroup": Mapped(
        (
            Ask("logs.CreateLogGroup", {"name": "logGroupName"}, tags="tags"),
            Ask("logs.PutRetentionPolicy", {"name": "logGroupName", "retentionInDays": "retentionInDays"}, rest=None),
        )
    ),
    "aws:ec2/flowLog:FlowLog": _ec2(
        "FlowLogs",
        "vpc-flow-log",
        takes={"vpcId": "ResourceIds", "iamRoleArn": "DeliverLogsPermissionArn"},
        given={"ResourceType": "VPC"},
    ),
    "aws:ec2/routeTable:RouteTable": _ec2("RouteTable", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Mapped((Ask("ec2.AssociateRouteTable"),)),
    "aws:ec2/securityGroup:SecurityGroup": _ec2("SecurityGroup", "security-group", named="GroupName"),
    "aws:ec2/subnet:Subnet": _ec2(
        "Subnet",
        "subnet",
        more=(
            Ask(
                "ec2.ModifySubnetAttribute",
                {"mapPublicIpOnLaunch": "MapPublicIpOnLaunch.Value"},
                rest=None,
                identified="SubnetId",
            ),
        ),
    ),
    "aws:ec2/vpc:Vpc": _ec2(
        "Vpc",
        "vpc",
        more=(
            Ask(
                "ec2.ModifyVpcAttribute", {"enableDnsSupport": "EnableDnsSupport.Value"}, rest=None, identified="VpcId"
            ),
            Ask(
                "ec2.ModifyVpcAttribute",
                {"enableDnsHostnames": "EnableDnsHostnames.Value"},
                rest=None,
                identified="VpcId",
            ),
        ),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2("VpcEndpoint", "vpc-endpoint", takes={"policy": "PolicyDocument"}),
    "aws:ecr/repository:Repository": Mapped(
        (
            Ask(
                "ecr.CreateRepository",
                {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"},
                tags="tags",
            ),
        ),
        {"forceDelete": "the provider heeds it when it deletes"},
    ),
    "aws:emrserverless/application:Application": Mapped(
        (Ask("emr-serverless.CreateApplication", given={"clientToken": "token"}, tags="tags"),)
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": Mapped(
        (Ask("glue.CreateDatabase", rest="DatabaseInput", tags="Tags"),)
    ),
    "aws:glue/resourcePolicy:ResourcePolicy": _alone("glue.PutResourcePolicy", policy="PolicyInJson"),
    "aws:iam/policy:Policy": Mapped(
        (Ask("iam.CreatePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}, tags="Tags"),)
    ),
    "aws:iam/role:Role": Mapped(
        (
            Ask(
                "iam.CreateRole",
                {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
                tags="Tags",
            ),
        )
    ),
    "aws:iam/rolePolicy:RolePolicy": _alone(
        "iam.PutRolePolicy", role="RoleName", name="PolicyName", policy="PolicyDocument"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _alone("iam.AttachRolePolicy", role="RoleName"),
    "aws:kms/alias:Alias": _alone("kms.CreateAlias", name="AliasName"),
    "aws:kms/key:Key": Mapped(
        (
            Ask("kms.CreateKey", tags="Tags"),
            Ask(
                "kms.ScheduleKeyDeletion",
                {"deletionWindowInDays": "PendingWindowInDays"},
                rest=None,
                identified="KeyId",
            ),
        ),
        {"enableKeyRotation": "true is a request of its own, EnableKeyRotation, that takes the key alone"},
    ),
    "aws:organizations/account:Account": Mapped(
        (
            Ask("organizations.CreateAccount", {"name": "AccountName"}, tags="Tags"),
            Ask(
                "organizations.MoveAccount",
                {"parentId": "DestinationParentId"},
                rest=None,
                given={"SourceParentId": "r-ab12"},
                identified="AccountId",
            ),
        ),
        {"closeOnDeletion": "the provider heeds it when it deletes"},
    ),
    "aws:organizations/organization:Organization": Mapped(
        (
            Ask("organizations.CreateOrganization"),
            Ask(
                "organizations.EnablePolicyType",
                {"enabledPolicyTypes": "PolicyType"},
                each="enabledPolicyTypes",
                rest=None,
                given={"RootId": "r-ab12"},
            ),
            Ask(
                "organizations.EnableAWSServiceAccess",
                {"awsServiceAccessPrincipals": "ServicePrincipal"},
                each="awsServiceAccessPrincipals",
                rest=None,
            ),
        )
    ),
    "aws:organizations/organizationalUnit:OrganizationalUnit": Mapped(
        (Ask("organizations.CreateOrganizationalUnit", tags="Tags"),)
    ),
    "aws:organizations/policy:Policy": Mapped((Ask("organizations.CreatePolicy", tags="Tags"),)),
    "aws:organizations/policyAttachment:PolicyAttachment": Mapped((Ask("organizations.AttachPolicy"),)),
    "aws:route53/record:Record": Mapped(
        (
            Ask(
                "route53.ChangeResourceRecordSets",
                {
                    "zoneId": "HostedZoneId",
                    "name": "ChangeBatch.Changes.ResourceRecordSet.Name",
                    "type": "ChangeBatch.Changes.ResourceRecordSet.Type",
                    "aliases": lambda given: {"ChangeBatch.Changes.ResourceRecordSet.AliasTarget": alias_target(given)},
                },
                given={"ChangeBatch.Changes.Action": "CREATE"},
            ),
        )
    ),
    "aws:route53/zone:Zone": Mapped(
        (
            Ask(
                "route53.CreateHostedZone",
                {"comment": "HostedZoneConfig.Comment", "vpcs": lambda given: {"VPC": network_of_zone(given)}},
                given={"CallerReference": "terraform-1"},
            ),
            Ask(
                "route53.ChangeTagsForResource",
                rest=None,
                given={"ResourceType": "hostedzone"},
                identified="ResourceId",
                tags="AddTags",
            ),
        )
    ),
    "aws:s3/bucket:Bucket": Mapped(
        (
            Ask("s3.CreateBucket", {"bucket": "Bucket"}),
            Ask("s3.PutBucketTagging", {"bucket": "Bucket"}, rest=None, tags="Tagging.TagSet"),
        ),
        {"forceDestroy": "the provider heeds it when it deletes"},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _alone(
        "s3.PutBucketOwnershipControls", rule="OwnershipControls.Rules"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Mapped((Ask("s3.PutBucketPolicy"),)),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Mapped(
        (Ask("s3.PutPublicAccessBlock", {"bucket": "Bucket"}, rest="PublicAccessBlockConfiguration"),)
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _alone(
        "s3.PutBucketEncryption", rules="ServerSideEncryptionConfiguration.Rules"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Mapped((Ask("s3.PutBucketVersioning"),)),
    "aws:sagemaker/domain:Domain": Mapped(
        (
            Ask("sagemaker.CreateDomain", tags="Tags"),
            Ask("sagemaker.DeleteDomain", {"retentionPolicy": "RetentionPolicy"}, rest=None, identified="DomainId"),
        )
    ),
    "aws:appautoscaling/target:Target": _alone("application-autoscaling.RegisterScalableTarget"),
    "aws:appautoscaling/policy:Policy": _alone(
        "application-autoscaling.PutScalingPolicy", name="PolicyName", stepScalingPolicyConfiguration=_steps
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Mapped(
        (Ask("cloudwatch.PutMetricAlarm", {"dimensions": _dimensions}, named="AlarmName", tags="Tags"),)
    ),
    "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": _sagemaker(
        "DataQualityJobDefinition", named="JobDefinitionName"
    ),
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": _sagemaker(
        "MonitoringSchedule", takes={"name": "MonitoringScheduleName"}
    ),
    "aws:sagemaker/endpoint:Endpoint": _sagemaker("Endpoint", takes={"name": "EndpointName"}),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _sagemaker(
        "EndpointConfig", takes={"kmsKeyArn": "KmsKeyId"}, named="EndpointConfigName"
    ),
    "aws:sagemaker/model:Model": _sagemaker("Model", named="ModelName"),
    "aws:sagemaker/featureGroup:FeatureGroup": _sagemaker("FeatureGroup"),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": _sagemaker("MlflowTrackingServer"),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": _sagemaker("ModelPackageGroup"),
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": Mapped(
        (Ask("sagemaker.PutModelPackageGroupPolicy"),)
    ),
    "aws:sagemaker/space:Space": _sagemaker("Space"),
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": _sagemaker("StudioLifecycleConfig"),
    "aws:sagemaker/userProfile:UserProfile": _sagemaker("UserProfile"),
    "aws:ssm/parameter:Parameter": Mapped((Ask("ssm.PutParameter", tags="Tags"),)),
    "aws:ssoadmin/accountAssignment:AccountAssignment": _portal("CreateAccountAssignment"),
    "aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes": _portal(
        "CreateInstanceAccessControlAttributeConfiguration", {"attributes": access_attributes}
    ),
    "aws:ssoadmin/permissionSet:PermissionSet": _portal("CreatePermissionSet", tags="Tags"),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": _portal("PutInlinePolicyToPermissionSet"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("AuthorizeSecurityGroupEgress"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("AuthorizeSecurityGroupIngress"),
    "aws:codeartifact/domain:Domain": Mapped((Ask("codeartifact.CreateDomain", tags="tags"),)),
    "aws:codeartifact/domainPermissions:DomainPermissions": _alone("codeartifact.PutDomainPermissionsPolicy"),
    "aws:codeartifact/repository:Repository": Mapped(
        (Ask("codeartifact.CreateRepository", tags="tags"),),
        {"externalConnections": "one name in a request that follows, AssociateExternalConnection"},
    ),
    "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": _alone(
        "codeartifact.PutRepositoryPermissionsPolicy"
    ),
    "aws:codebuild/project:Project": Mapped(
        (
            Ask(
                "codebuild.CreateProject",
                {"buildTimeout": "timeoutInMinutes"},
                tags="tags",
            ),
        )
    ),
    "aws:cloudcontrol/resource:Resource": _alone("cloudcontrol.CreateResource"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _alone(
        "ecr.PutLifecyclePolicy", repository="repositoryName", policy="lifecyclePolicyText"
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": _alone("ecr.CreatePullThroughCacheRule"),
    "aws:ecr/registryPolicy:RegistryPolicy": _alone("ecr.PutRegistryPolicy", policy="policyText"),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Mapped(
        (Ask("ecr.PutRegistryScanningConfiguration"),), _REGION
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _alone("ecr.PutReplicationConfiguration"),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": Mapped(
        (
            Ask(
                "ecr.CreateRepositoryCreationTemplate",
                {"appliedFors": "appliedFor", "encryptionConfigurations": "encryptionConfiguration"},
            ),
        ),
        _REGION,
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _alone(
        "ecr.SetRepositoryPolicy", repository="repositoryName", policy="policyText"
    ),
    "aws:sagemaker/appImageConfig:AppImageConfig": _sagemaker(
        "AppImageConfig",
        takes={
            "jupyterLabImageConfig": _container("JupyterLabAppImageConfig"),
            "codeEditorAppImageConfig": _container("CodeEditorAppImageConfig"),
        },
    ),
    "aws:sagemaker/image:Image": _sagemaker("Image"),
    "aws:sagemaker/imageVersion:ImageVersion": Mapped(
        (Ask("sagemaker.CreateImageVersion", given={"ClientToken": "0"}),)
    ),
}

UNASKED = {"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "AWS makes it with its VPC; the provider empties it"}
"""Types that no request makes, and why."""
