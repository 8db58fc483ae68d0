"""Glue and Athena."""

from collections.abc import Iterator

from policies.rules.jobs import present
from policies.rules.plain import Reader, shown_value
from policies.rules.registry import rule


@rule("glue-catalog-encryption", "set SSE-KMS and returnConnectionPasswordEncrypted")
def catalogue(r: Reader) -> Iterator[str]:
    """The catalogue itself, and passwords of connections."""
    base = "dataCatalogEncryptionSettings"
    yield from r.unless(f"{base}.encryptionAtRest.catalogEncryptionMode", "SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")
    yield from r.unless(f"{base}.connectionPasswordEncryption.returnConnectionPasswordEncrypted", True, default=False)


@rule("glue-security-config-encryption", "set SSE-KMS for S3 and CloudWatch, CSE-KMS for bookmarks")
def security_configuration(r: Reader) -> Iterator[str]:
    """All three."""
    base = "encryptionConfiguration"
    yield from r.unless(f"{base}.s3Encryption.s3EncryptionMode", "SSE-KMS", default="DISABLED")
    yield from r.unless(f"{base}.cloudwatchEncryption.cloudwatchEncryptionMode", "SSE-KMS", default="DISABLED")
    yield from r.unless(f"{base}.jobBookmarksEncryption.jobBookmarksEncryptionMode", "CSE-KMS", default="DISABLED")


rule("glue-has-security-config", "set securityConfiguration")(present("securityConfiguration"))


@rule("athena-workgroup-encrypted", "set encryptionOption to SSE_KMS with the account's key")
def workgroup_encrypted(r: Reader) -> Iterator[str]:
    """SSE_S3 is encryption too, and enough for the rule; managed results have their own."""
    if r.get("configuration.managedQueryResultsConfiguration.enabled") is True:
        return
    path = "configuration.resultConfiguration.encryptionConfiguration.encryptionOption"
    for shown, option in r.each(path):
        if option not in ("SSE_KMS", "CSE_KMS", "SSE_S3"):
            yield f"{shown} is {shown_value(option)}"


@rule("athena-workgroup-enforce-config", "leave enforceWorkgroupConfiguration out, or set it to true")
def workgroup_enforced(r: Reader) -> Iterator[str]:
    """An absent value is true; else each query may choose where its result goes."""
    yield from r.unless("configuration.enforceWorkgroupConfiguration", True, default=True)
