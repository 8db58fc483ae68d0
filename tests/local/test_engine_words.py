"""What the engine says, told once and in words that help."""

import pytest

from local.words import Owner, owners, plain

URN = "urn:pulumi:dev::mlz::mlz:index:Bucket$aws:s3/bucketPolicy:BucketPolicy::data"
TOLD = "putting S3 Bucket (b) Policy: operation error S3: PutBucketPolicy, api error AccessDenied: no"


@pytest.mark.parametrize(
    "message",
    [
        f"  sdk-v2/provider2.go:571: sdk.helper_schema: {TOLD}: provider=aws@7.21.0\n",
        f"1 error occurred:\n\t* updating {URN}: 1 error occurred:\n\t* {TOLD}\n\n",
    ],
)
def test_an_error_told_twice_is_one_and_the_same(message):
    assert plain(message) == TOLD


def test_several_errors_stay_apart():
    assert "2 errors occurred:\n\t* a\n\t* b" == plain("2 errors occurred:\n\t* a\n\t* b\n")


@pytest.mark.parametrize(
    ("message", "done"),
    [
        (
            f'unable to replace resource "{URN}"\nas it is marked for protection. To unprotect the resource, x',
            "replace",
        ),
        (f'resource "{URN}" cannot be deleted\nbecause it is protected. To unprotect the resource, either x', "delete"),
    ],
)
def test_what_is_protected_is_told_without_the_programs_flags(message, done):
    assert f"it holds data and is protected, and this would {done} it: take the change back" in plain(message)


def test_only_a_lock_has_owners():
    line = "x.json: created by ada@ci (pid 7) at 2026-11-30T00:10:00Z"

    assert [] == owners(f"error: {line}")
    assert [Owner("ada", "ci", 7, "2026-11-30T00:10:00Z")] == owners(
        f"error: the stack is currently locked by 1 lock(s). Either wait …\n  {line}"
    )
