"""Images of a team's models in its further regions: copied there as they are pushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words


@dataclass(frozen=True, kw_only=True)
class ReplicationArgs:
    """Inputs of Replication."""

    team: str
    """The team; its repositories' names begin with it."""

    account_id: str
    """Its account [12 digits]: where the images are and where they go."""

    repositories: Mapping[str, Sequence[pulumi.Input[str]]]
    """Where they go: region → names of the repositories there, of the same names as here. They are made first, else
    ECR makes them with its own settings."""


class Replication(pulumi.ComponentResource):
    """The registry's rule that copies what is pushed to the team's repositories; deletions are not copied.

    No key names the service-linked role: ECR encrypts by grants that it makes with each repository.

    Sources, read 2026-11-30: Amazon ECR User Guide, "Private image replication in Amazon ECR" (only what is pushed
    afterwards; the name stays the same), "Replicating image deletions in Amazon ECR" (off unless asked for), "Amazon
    ECR service-linked role for replication" (made with the first rule), "Encryption at rest" (the grants); AWS's own
    example of keys and replication: aws-samples/amazon-ecr-kms-replication@c6a6f11b40e9.
    """

    registry_id: pulumi.Output[str]
    """Id of the registry that copies."""

    def __init__(self, name: str, args: ReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Replication", name, {}, opts)
        words.names(team=[args.team])
        child = pulumi.ResourceOptions(parent=self)

        rule = aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
            destinations=[
                aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                    # Waits for the repositories; their names are known at preview.
                    region=_once_there(region, repositories),
                    registry_id=args.account_id,
                )
                for region, repositories in args.repositories.items()
            ],
            repository_filters=[
                aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                    filter=f"{args.team}/", filter_type="PREFIX_MATCH"
                )
            ],
        )
        replication = aws.ecr.ReplicationConfiguration(
            f"{name}-images",
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(rules=[rule]),
            opts=child,
        )

        self.registry_id = replication.id
        self.register_outputs({"registry_id": self.registry_id})


def _once_there(region: str, repositories: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return *region*, known once all *repositories* are."""
    return pulumi.Output.all(*repositories).apply(lambda _: region)
