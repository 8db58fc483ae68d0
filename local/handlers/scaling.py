"""Application Auto Scaling: the tags of what scales, which moto drops; what scales must be there. Nothing scales here.

That the variant of an endpoint must be there, and in which words not, no page says; ECS's is refused so by moto.
Source: botocore's service model of Application Auto Scaling (RegisterScalableTarget, TagResource), read 2026-11-30.
"""

import re

from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record
from local.handlers.tags import tags_of

SERVICE = "application-autoscaling"


@requires(SERVICE, "RegisterScalableTarget")
def there(call: Call) -> None:
    """Scale no variant that is not there."""
    where = re.fullmatch(r"endpoint/([^/]+)/variant/([^/]+)", str(call.params["ResourceId"]))
    if call.params["ServiceNamespace"] != "sagemaker" or where is None:
        return
    found = sagemaker_backends[call.account][call.region].endpoints.get(where[1])
    if where[2] not in {each["VariantName"] for each in (found.production_variants if found else ())}:
        raise Refusal("ValidationException", f"SageMaker variant doesn't exist: {call.params['ResourceId']}")


@completes(SERVICE, "RegisterScalableTarget")
def keep(call: Call) -> None:
    """Keep the tags of a new target."""
    kept = applicationautoscaling_backends[call.account][call.region].targets[call.params["ScalableDimension"]]
    tags_of(SERVICE, kept[call.params["ResourceId"]].arn).update(call.params.get("Tags"))


@operation(SERVICE, "TagResource", "UntagResource", "ListTagsForResource")
def tags(call: Call) -> Record:
    """Tags of a target that is there."""
    arn = call.params["ResourceARN"]
    targets = applicationautoscaling_backends[call.account][call.region].targets.values()
    if all(target.arn != arn for by_resource in targets for target in by_resource.values()):
        raise Refusal("ResourceNotFoundException", f"The resource with ARN {arn} doesn't exist.")
    kept = tags_of(SERVICE, arn)
    kept.update(call.params.get("Tags"))
    kept.drop(call.params.get("TagKeys", []))
    return {"Tags": dict(kept)}
