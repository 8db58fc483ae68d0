"""The texts and lists that specs are made of, each with its pattern and what the pattern means."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.fields import FieldInfo

T = TypeVar("T")


def words(text: str) -> FieldInfo:
    """Return what a pattern means: error messages say it, and editors that know `patternErrorMessage` show it."""
    field: FieldInfo = Field(json_schema_extra={"patternErrorMessage": text})
    return field


Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=2, max_length=21),
    words("small letters and digits, single hyphens between, a letter first"),
]
"""A key that becomes part of names."""

MemberKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=2, max_length=63),
    words("small letters and digits, single hyphens between, a letter first"),
]
"""A member's key: the name of the Studio profile (SageMaker API, CreateUserProfile: 63 characters)."""

UserName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_.:/=+@-]+$", min_length=1, max_length=128),
    words("letters, digits and _ . : / = + @ -"),
]
"""A user name of Identity Center's directory (128 characters; Identity Store API, CreateUser) that is a value of a tag,
too (Tagging AWS resources, "Tag naming limits"). Both read 2026-11-30."""

SignInName = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=128), words("an e-mail or a user name")]
"""By what a member signs in."""

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$"), words("12 digits in quotes")]
"""An AWS account id: a quoted string (unquoted, YAML 1.1 reads a leading zero as octal)."""

Email = Annotated[
    str,
    StringConstraints(pattern=r"^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$", min_length=6, max_length=64),
    words("an e-mail address such as team@example.com"),
]
"""An e-mail address; AWS takes 6 to 64 characters for an account's root user (Organizations API, CreateAccount)."""

InstanceType = Annotated[
    str, StringConstraints(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$"), words("a SageMaker type such as ml.m5.large")
]
"""A SageMaker instance type; whether AWS has it for the API at hand is checked in instances.py."""

SignInPrincipal = Annotated[
    str,
    StringConstraints(
        pattern=r"^(saml-provider/[A-Za-z0-9._-]+|arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+)$", max_length=142
    ),
    words("saml-provider/NAME (one in each team's account) or the ARN of a role in the organisation"),
]
"""Who vouches for people: a SAML provider of the team's account (IAM API, CreateSAMLProvider), or a role."""

InstanceArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}$"),
    words("arn:aws:sso:::instance/ssoins- and 16 characters"),
]
"""An instance of IAM Identity Center (botocore 1.44.8, sso-admin, InstanceArn)."""

UserId = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$"),
    words("the id of a user in Identity Center's directory"),
]
"""A user of Identity Center's directory (botocore 1.44.8, sso-admin, PrincipalId)."""

Text = Annotated[
    str,
    StringConstraints(pattern=r"^[\w .:/=+@-]+$", min_length=1, max_length=256),
    words("letters, digits, spaces and . : / = + - @ _"),
]
"""A text that becomes a tag value."""

Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$"), words("a region such as eu-west-1")]
"""An AWS region."""

RoleName = Annotated[
    str,
    StringConstraints(pattern=r"^[\w+=,.@-]+$", min_length=1, max_length=64),
    words("letters, digits and + = , . @ - _"),
]
"""Name of an IAM role."""

BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"),
    words("3 to 63 small letters, digits and hyphens, no hyphen at the ends"),
]
"""Name of a bucket (Amazon S3 User Guide, "General purpose bucket naming rules", read 2026-11-30); without periods,
which the guide advises against."""

RolePattern = Annotated[
    str,
    StringConstraints(pattern=r"^[\w+=,.@-]{4,63}\*?$"),
    words("the name of a role, or at least 4 characters of it and *"),
]
"""Name of an IAM role, or how names begin."""

UnitPath = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9 _-]{1,128}(/[A-Za-z0-9 _-]{1,128}){0,4}$"),
    words("1 to 5 names of units with / between, such as Workloads/Dev"),
]
"""Path of an organisational unit: 5 levels under the root (AWS Organizations User Guide, quotas, read 2026-10), each
name 1 to 128 characters (botocore 1.44.5, OrganizationalUnitName)."""

FeatureName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-zA-Z0-9]([-_]*[a-zA-Z0-9])*$", max_length=64),
    words("letters and digits, hyphens or underscores between"),
]
"""Name of a feature (SageMaker API, FeatureName)."""

DatasetPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$"), words("team/dataset")]
"""Another team's data set."""

QuotaKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+/L-[0-9A-F]{8}$"),
    words("service code/quota code such as sagemaker/L-AC46C40F"),
]
"""A quota as Service Quotas knows it (Service Quotas API, ServiceCode and QuotaCode)."""

Quotas = dict[QuotaKey, Annotated[int, Field(ge=0)]]
"""Quotas that AWS has raised → the value they have now."""

VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$"), words("vpc- and 8 to 17 digits of hex")]
SubnetId = Annotated[
    str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$"), words("subnet- and 8 to 17 digits of hex")
]
GroupId = Annotated[str, StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$"), words("sg- and 8 to 17 digits of hex")]
PrefixListId = Annotated[str, StringConstraints(pattern=r"^pl-[0-9a-f]{8,17}$"), words("pl- and 8 to 17 digits of hex")]
"""Ids of a network that is there (EC2 User Guide, "Resource IDs", read 2026-11-30)."""

Zone = Annotated[str, StringConstraints(pattern=r"^[a-f]$"), words("a letter from a to f")]
"""Letter of an availability zone."""


def _unique(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse a list in which a value stands twice."""
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if twice:
        raise ValueError(f"{twice[0]} stands there twice")
    return values


Unique = Annotated[tuple[T, ...], AfterValidator(_unique), Field(json_schema_extra={"uniqueItems": True})]
"""A list without repetitions."""
