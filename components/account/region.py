"""What a stack makes in a further region: the same components, on the account's one provider."""

from typing import Any

import pulumi


def in_region(region: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return *opts* by which a component makes all that AWS knows by region in *region*; the rest stays the account's.

    Each regional resource has the input `region` (pulumi-aws 7), and none takes it from its parent: a transformation
    sets it on every child, so no component can forget it. A change of it replaces the resource.

    Source: Pulumi Registry, AWS, "Enhanced Region Support", read 2026-11-30.
    """

    def placed(each: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not isinstance(each.resource, pulumi.CustomResource) or not hasattr(type(each.resource), "region"):
            return None  # a component, or what an account has once, such as a role
        props: dict[str, Any] = {**each.props, "region": region}
        return pulumi.ResourceTransformationResult(props=props, opts=each.opts)

    return opts.merge(pulumi.ResourceOptions(transformations=[placed]))
