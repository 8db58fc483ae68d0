"""Application Auto Scaling: the tags of what scales; moto has none. Nothing scales here.

Source: botocore's service model of Application Auto Scaling (RegisterScalableTarget, TagResource), read 2026-11-30.
"""

from moto.applicationautoscaling.models import applicationautoscaling_backends

from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.records import Record
from local.handlers.tags import tags_of

SERVICE = "application-autoscaling"


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
