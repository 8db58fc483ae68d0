"""Which type of CloudFormation a resource would be, and what each property is called there."""

from tests.oracles.mapping import (
    Ask,
    Mapped,
    access_attributes,
    alias_target,
    athena_results,
    network_of_zone,
    notifications,
)


def _encryption(given):
    """CloudFormation drops "apply", which the request and the provider say."""
    renamed = [
        {{"applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault"}.get(k, k): v for k, v in each.items()}
        for each in given
    ]
    return {"BucketEncryption.ServerSideEncryptionConfiguration": renamed}


def _one(of, elsewhere=None, tags="Tags", **more):
    return Mapped((Ask(of, tags=tags, **more),), elsewhere or {})


def _untagged(of, elsewhere=None, **takes):
    return Mapped((Ask(of, takes),), elsewhere or {})


_DELETES = "the provider heeds it when it deletes"
_REGION = {"region": "a template is for one region"}
_PART = "its bucket is a resource of its own, which names it"


def _queries(configuration):
    return {"WorkGroupConfiguration": athena_results(configuration)}


def _attributes(given):
    """CloudFormation has the same attributes, beside the instance and not inside a configuration."""
    return {"AccessControlAttributes": next(iter(access_attributes(given).values()))}


def _connections(given):
    """Of a repository: names only."""
    return {"ExternalConnections": [each["externalConnectionName"] for each in _listed(given)]}


def _upstreams(given):
    """Names only, too."""
    return {"Upstreams": [each["repositoryName"] for each in _listed(given)]}


def _listed(given):
    return given if isinstance(given, list) else [given]


def _logs(given):
    """CloudFormation writes S3 and CloudWatch in capitals that no rule gives."""
    return {"LogsConfig": {"CloudWatchLogs": given["cloudwatchLogs"], "S3Logs": given["s3Logs"]}}


def _dimensions(given):
    return {"Dimensions": [{"Name": name, "Value": value} for name, value in given.items()]}


def _pairs(given):
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in given.items()]}


def _container(place):
    """Of an app's image: variables are a list of pairs."""

    def places(given):
        said = given["containerConfig"]
        made = {
            "ContainerArguments": said.get("containerArguments"),
            "ContainerEntrypoint": said.get("containerEntrypoints"),
            "ContainerEnvironmentVariables": [
                {"Key": key, "Value": value} for key, value in said.get("containerEnvironmentVariables", {}).items()
            ],
        }
        return {f"{place}.ContainerConfig.{name}": value for name, value in made.items() if value}

    return places


def _method(**takes):
    """A method has its integration and its responses inside."""
    where = {"restApi": "RestApiId", "resourceId": "ResourceId", "httpMethod": "HttpMethod"}
    return Mapped((Ask("AWS::ApiGateway::Method", {**where, **takes}),))


_RESPONSE = "MethodResponses.{}".format
_ANSWER = "Integration.IntegrationResponses.{}".format


TYPES = {
    "aws:apigateway/account:Account": _untagged("AWS::ApiGateway::Account"),
    "aws:apigateway/deployment:Deployment": _untagged(
        "AWS::ApiGateway::Deployment", {"triggers": "the provider's own"}, restApi="RestApiId"
    ),
    "aws:apigateway/integration:Integration": Mapped(
        (
            Ask(
                "AWS::ApiGateway::Method",
                {
                    "restApi": "RestApiId",
                    "resourceId": "ResourceId",
                    "httpMethod": "HttpMethod",
                    "timeoutMilliseconds": "Integration.TimeoutInMillis",
                },
                rest="Integration",
            ),
        )
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": Mapped(
        (
            Ask(
                "AWS::ApiGateway::Method",
                {
                    "restApi": "RestApiId",
                    "resourceId": "ResourceId",
                    "httpMethod": "HttpMethod",
                    "statusCode": _ANSWER("StatusCode"),
                    "selectionPattern": _ANSWER("SelectionPattern"),
                    "responseParameters": _ANSWER("ResponseParameters"),
                },
                given={"Integration.Type": "AWS"},
            ),
        )
    ),
    "aws:apigateway/method:Method": _method(authorization="AuthorizationType"),
    "aws:apigateway/methodResponse:MethodResponse": _method(
        statusCode=_RESPONSE("StatusCode"), responseParameters=_RESPONSE("ResponseParameters")
    ),
    "aws:apigateway/methodSettings:MethodSettings": Mapped(
        (
            Ask(
                "AWS::ApiGateway::Stage",
                {"restApi": "RestApiId", "settings": "MethodSettings"},
                given={"MethodSettings.HttpMethod": "*", "MethodSettings.ResourcePath": "/*"},
            ),
        ),
        {"methodPath": "method and path of their own"},
    ),
    "aws:apigateway/requestValidator:RequestValidator": _untagged(
        "AWS::ApiGateway::RequestValidator", restApi="RestApiId"
    ),
    "aws:apigateway/resource:Resource": _untagged("AWS::ApiGateway::Resource", restApi="RestApiId"),
    "aws:apigateway/restApi:RestApi": _one("AWS::ApiGateway::RestApi"),
    "aws:apigateway/restApiPolicy:RestApiPolicy": Mapped(
        (Ask("AWS::ApiGateway::RestApi", given={"Name": "churn-churn"}),),
        {"restApiId": "the API is a resource of its own, which the policy names"},
    ),
    "aws:apigateway/stage:Stage": _one(
        "AWS::ApiGateway::Stage",
        takes={
            "restApi": "RestApiId",
            "deployment": "DeploymentId",
            "accessLogSettings": "AccessLogSetting",
            "xrayTracingEnabled": "TracingEnabled",
        },
    ),
    "aws:athena/dataCatalog:DataCatalog": _one("AWS::Athena::DataCatalog"),
    "aws:athena/workgroup:Workgroup": _one(
        "AWS::Athena::WorkGroup", {"forceDestroy": _DELETES}, takes={"configuration": _queries}
    ),
    "aws:budgets/budget:Budget": _one(
        "AWS::Budgets::Budget",
        takes={
            "limitAmount": "Budget.BudgetLimit.Amount",
            "limitUnit": "Budget.BudgetLimit.Unit",
            "notifications": notifications,
        },
        rest="Budget",
        tags="ResourceTags",
    ),
    "aws:cloudwatch/logGroup:LogGroup": _one("AWS::Logs::LogGroup", takes={"name": "LogGroupName"}),
    "aws:ec2/flowLog:FlowLog": _one(
        "AWS::EC2::FlowLog",
        takes={"vpcId": "ResourceId", "iamRoleArn": "DeliverLogsPermissionArn"},
        given={"ResourceType": "VPC"},
    ),
    "aws:ec2/routeTable:RouteTable": _one("AWS::EC2::RouteTable"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _untagged("AWS::EC2::SubnetRouteTableAssociation"),
    "aws:ec2/securityGroup:SecurityGroup": _one("AWS::EC2::SecurityGroup", takes={"description": "GroupDescription"}),
    "aws:ec2/subnet:Subnet": _one("AWS::EC2::Subnet"),
    "aws:ec2/vpc:Vpc": _one("AWS::EC2::VPC"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _one("AWS::EC2::VPCEndpoint", takes={"policy": "PolicyDocument"}),
    "aws:ecr/repository:Repository": _one(
        "AWS::ECR::Repository",
        {"forceDelete": _DELETES},
        takes={"name": "RepositoryName", "encryptionConfigurations": "EncryptionConfiguration"},
    ),
    "aws:emrserverless/application:Application": _one("AWS::EMRServerless::Application"),
    "aws:glue/catalogDatabase:CatalogDatabase": Mapped(
        (Ask("AWS::Glue::Database", rest="DatabaseInput", given={"CatalogId": "111122223333"}),)
    ),
    # The type takes no tags.
    "aws:iam/policy:Policy": _untagged("AWS::IAM::ManagedPolicy", name="ManagedPolicyName", policy="PolicyDocument"),
    "aws:iam/role:Role": _one(
        "AWS::IAM::Role", takes={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
    ),
    "aws:iam/rolePolicy:RolePolicy": _untagged(
        "AWS::IAM::RolePolicy", role="RoleName", name="PolicyName", policy="PolicyDocument"
    ),
    "aws:kms/alias:Alias": _untagged("AWS::KMS::Alias", name="AliasName"),
    "aws:kms/key:Key": _one(
        "AWS::KMS::Key", takes={"policy": "KeyPolicy", "deletionWindowInDays": "PendingWindowInDays"}
    ),
    "aws:organizations/account:Account": _one(
        "AWS::Organizations::Account",
        {"closeOnDeletion": _DELETES},
        takes={"name": "AccountName", "parentId": "ParentIds"},
    ),
    "aws:organizations/organization:Organization": _untagged(
        "AWS::Organizations::Organization",
        {
            "enabledPolicyTypes": "CloudFormation enables none",
            "awsServiceAccessPrincipals": "CloudFormation trusts none",
        },
    ),
    "aws:organizations/organizationalUnit:OrganizationalUnit": _one("AWS::Organizations::OrganizationalUnit"),
    "aws:organizations/policy:Policy": _one("AWS::Organizations::Policy"),
    "aws:route53/record:Record": _untagged(
        "AWS::Route53::RecordSet",
        zoneId="HostedZoneId",
        aliases=lambda given: {"AliasTarget": alias_target(given)},
    ),
    "aws:route53/zone:Zone": _one(
        "AWS::Route53::HostedZone",
        tags="HostedZoneTags",
        takes={"comment": "HostedZoneConfig.Comment", "vpcs": lambda given: {"VPCs": [network_of_zone(given)]}},
    ),
    "aws:s3/bucket:Bucket": _one("AWS::S3::Bucket", {"forceDestroy": _DELETES}, takes={"bucket": "BucketName"}),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _untagged(
        "AWS::S3::Bucket", {"bucket": _PART}, rule="OwnershipControls.Rules"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _untagged("AWS::S3::BucketPolicy", policy="PolicyDocument"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Mapped(
        (Ask("AWS::S3::Bucket", rest="PublicAccessBlockConfiguration"),), {"bucket": _PART}
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _untagged(
        "AWS::S3::Bucket", {"bucket": _PART}, rules=_encryption
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _untagged("AWS::S3::Bucket", {"bucket": _PART}),
    "aws:sagemaker/domain:Domain": _one("AWS::SageMaker::Domain", {"retentionPolicy": _DELETES}),
    "aws:appautoscaling/target:Target": _untagged("AWS::ApplicationAutoScaling::ScalableTarget"),
    "aws:appautoscaling/policy:Policy": _untagged("AWS::ApplicationAutoScaling::ScalingPolicy", name="PolicyName"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _one("AWS::CloudWatch::Alarm", takes={"dimensions": _dimensions}),
    "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": _one("AWS::SageMaker::DataQualityJobDefinition"),
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": _one(
        "AWS::SageMaker::MonitoringSchedule", takes={"name": "MonitoringScheduleName"}
    ),
    "aws:sagemaker/endpoint:Endpoint": _one("AWS::SageMaker::Endpoint", takes={"name": "EndpointName"}),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _one(
        "AWS::SageMaker::EndpointConfig", takes={"kmsKeyArn": "KmsKeyId"}
    ),
    "aws:sagemaker/model:Model": _one("AWS::SageMaker::Model"),
    "aws:sagemaker/featureGroup:FeatureGroup": _one("AWS::SageMaker::FeatureGroup"),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": _one("AWS::SageMaker::MlflowTrackingServer"),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": _one("AWS::SageMaker::ModelPackageGroup"),
    "aws:sagemaker/space:Space": _one("AWS::SageMaker::Space"),
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": _one("AWS::SageMaker::StudioLifecycleConfig"),
    "aws:sagemaker/userProfile:UserProfile": _one("AWS::SageMaker::UserProfile"),
    "aws:ssm/parameter:Parameter": _one("AWS::SSM::Parameter"),
    "aws:ssoadmin/accountAssignment:AccountAssignment": _untagged("AWS::SSO::Assignment", _REGION),
    "aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes": _untagged(
        "AWS::SSO::InstanceAccessControlAttributeConfiguration", _REGION, attributes=_attributes
    ),
    "aws:ssoadmin/permissionSet:PermissionSet": _one("AWS::SSO::PermissionSet", _REGION),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _untagged(
        "AWS::EC2::SecurityGroupEgress",
        securityGroupId="GroupId",
        prefixListId="DestinationPrefixListId",
        referencedSecurityGroupId="DestinationSecurityGroupId",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _untagged(
        "AWS::EC2::SecurityGroupIngress",
        securityGroupId="GroupId",
        cidrIpv4="CidrIp",
        referencedSecurityGroupId="SourceSecurityGroupId",
    ),
    "aws:codeartifact/domain:Domain": _one("AWS::CodeArtifact::Domain", takes={"domain": "DomainName"}),
    "aws:codeartifact/repository:Repository": _one(
        "AWS::CodeArtifact::Repository",
        takes={
            "domain": "DomainName",
            "repository": "RepositoryName",
            "externalConnections": _connections,
            "upstreams": _upstreams,
        },
    ),
    "aws:codebuild/project:Project": _one(
        "AWS::CodeBuild::Project", takes={"buildTimeout": "TimeoutInMinutes", "logsConfig": _logs}
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": _untagged("AWS::ECR::PullThroughCacheRule"),
    "aws:ecr/registryPolicy:RegistryPolicy": _untagged("AWS::ECR::RegistryPolicy", policy="PolicyText"),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": _untagged(
        "AWS::ECR::RegistryScanningConfiguration", _REGION
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _untagged("AWS::ECR::ReplicationConfiguration"),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _untagged(
        "AWS::ECR::RepositoryCreationTemplate",
        {**_REGION, "customRoleArn": "a template takes no role with a path, ECR's own request says nothing of it"},
        appliedFors="AppliedFor",
        encryptionConfigurations="EncryptionConfiguration",
        resourceTags=_pairs,
    ),
    "aws:sagemaker/appImageConfig:AppImageConfig": _one(
        "AWS::SageMaker::AppImageConfig",
        takes={
            "jupyterLabImageConfig": _container("JupyterLabAppImageConfig"),
            "codeEditorAppImageConfig": _container("CodeEditorAppImageConfig"),
        },
    ),
    "aws:sagemaker/image:Image": _one(
        "AWS::SageMaker::Image", takes={"displayName": "ImageDisplayName", "roleArn": "ImageRoleArn"}
    ),
    "aws:sagemaker/imageVersion:ImageVersion": _untagged("AWS::SageMaker::ImageVersion"),
}

UNTYPED = {
    "aws:cloudcontrol/resource:Resource": "its desired state is a resource of a template; its own test asks it",
    "aws:codeartifact/domainPermissions:DomainPermissions": "part of AWS::CodeArtifact::Domain; api_calls.py asks it",
    "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": (
        "part of AWS::CodeArtifact::Repository; api_calls.py asks it"
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "part of AWS::ECR::Repository; api_calls.py asks it",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "part of AWS::ECR::Repository; api_calls.py asks it",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "AWS makes it with its VPC; CloudFormation can't touch it",
    "aws:glue/resourcePolicy:ResourcePolicy": "CloudFormation has no such type",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "part of AWS::IAM::Role; api_calls.py asks it",
    "aws:organizations/policyAttachment:PolicyAttachment": "part of AWS::Organizations::Policy; api_calls.py asks it",
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": (
        "part of AWS::SageMaker::ModelPackageGroup; api_calls.py asks it"
    ),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": (
        "part of AWS::SSO::PermissionSet; api_calls.py asks it"
    ),
}
"""Types that no template has, and why."""
