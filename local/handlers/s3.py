"""S3: the tags that newer SDKs send in the body of CreateBucket."""

from moto.s3.models import s3_backends

from local.handlers.operation import Call, completes
from local.handlers.tags import plain


@completes("s3", "CreateBucket")
def keep_tags(call: Call) -> None:
    """Tag the new bucket; moto reads no more of the body than the location."""
    given = plain(call.params.get("CreateBucketConfiguration", {}).get("Tags"))
    if given:
        s3_backends[call.account]["aws"].put_bucket_tagging(call.params["Bucket"], given)
