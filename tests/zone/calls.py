"""What code inside the VPC calls for each feature: SDK client and operation, or a host the SDK has no client for.

Written from the features' meaning, not from the facts: both must lead to the same endpoints.
"""

DOCKER, PACKAGES = "dkr.ecr.eu-west-1.amazonaws.com", "repositories.codeartifact.eu-west-1.amazonaws.com"
# The SDK's host is codeartifact.eu-west-1…; AWS names the endpoint service codeartifact.api and answers both by it.
TOKENS = "api.codeartifact.eu-west-1.amazonaws.com"
HTTP_API = "execute-api.eu-west-1.amazonaws.com"
BROWSER, MLFLOW = "studio.eu-west-1.sagemaker.aws", "experiments.eu-west-1.sagemaker.aws"
ATHENA_QUERY = {("athena", "StartQueryExecution"), ("glue", "GetTable"), ("s3", "GetObject")}
CALLS = {
    "studio": {
        ("sagemaker", "CreateTrainingJob"),
        ("sagemaker-runtime", "InvokeEndpoint"),
        ("s3", "PutObject"),
        ("sts", "GetCallerIdentity"),
        ("logs", "GetLogEvents"),
        ("cloudwatch", "GetMetricData"),
        BROWSER,
    },
    "contract": {("ssm", "GetParametersByPath")},
    "processing": {("s3", "GetObject"), ("s3", "PutObject")},
    "training": {("s3", "GetObject"), ("s3", "PutObject")},
    "tuning": {("s3", "GetObject"), ("s3", "PutObject")},
    "transform": {("s3", "GetObject"), ("s3", "PutObject")},
    "endpoint": {("s3", "GetObject"), ("sagemaker-runtime", "InvokeEndpoint")},
    "apis": {HTTP_API},
    "online-features": {
        ("sagemaker-featurestore-runtime", "PutRecord"),
        ("sagemaker-featurestore-runtime", "GetRecord"),
        ("sagemaker", "DescribeFeatureGroup"),
    },
    "offline-features": {
        ("sagemaker-featurestore-runtime", "PutRecord"),
        ("sagemaker", "DescribeFeatureGroup"),
        *ATHENA_QUERY,
    },
    "online-reads": {("sts", "AssumeRole"), ("sagemaker-featurestore-runtime", "BatchGetRecord")},
    "offline-reads": ATHENA_QUERY,
    "dataset-reads": {("s3", "GetObject")},
    "monitors": {("s3", "GetObject"), ("s3", "PutObject"), ("cloudwatch", "PutMetricData")},
    "spark": {
        ("s3", "GetObject"),
        ("s3", "PutObject"),
        ("sagemaker", "DescribeModelPackage"),
        ("logs", "PutLogEvents"),
    },
    "models": {("sagemaker", "CreateModelPackage"), ("ecr", "DescribeImages")},
    "pipelines": {("sagemaker", "StartPipelineExecution"), ("s3", "PutObject")},
    "mlflow": {
        ("sts", "AssumeRole"),
        ("sagemaker", "CreatePresignedMlflowTrackingServerUrl"),
        ("s3", "PutObject"),
        MLFLOW,
    },
    "mlflow-server": {
        ("s3", "PutObject"),
        ("ecr", "GetAuthorizationToken"),
        DOCKER,
        ("logs", "PutLogEvents"),
        ("secretsmanager", "GetSecretValue"),
        ("sts", "GetCallerIdentity"),
    },
    "image-builds": {
        ("codebuild", "StartBuild"),
        ("ecr", "GetAuthorizationToken"),
        DOCKER,
        ("s3", "GetObject"),
        ("logs", "PutLogEvents"),
    },
    "packages": {TOKENS, PACKAGES, ("s3", "GetObject")},
}
