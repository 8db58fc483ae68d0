"""ARNs of roles and policies by their names: known at preview, where the `arn` of what is yet to be made is not.

So the policy packs decide on the pull request what a role may do, not only at `up`. The value still depends on the
resource, so the order of creation, replacement and deletion is the same.
"""

import pulumi
import pulumi_aws as aws

from zone import names


def policy_arn(policy: aws.iam.Policy, account_id: str) -> pulumi.Output[str]:
    """Return the ARN of a managed policy under our path."""
    return policy.name.apply(lambda name: names.iam_arn(account_id, "policy", name))


def role_arn(role: aws.iam.Role, account_id: str, *attached: aws.iam.RolePolicyAttachment) -> pulumi.Output[str]:
    """Return the ARN of a role under our path.

    Who waits for it waits for what is *attached* too: AWS checks what a role may do when it is first used.
    """
    waited = pulumi.Output.all(role.name, *(each.policy_arn for each in attached))
    return waited.apply(lambda known: names.iam_arn(account_id, "role", str(known[0])))
