"""What was asked and who went out: DNS queries and the firewall's records, encrypted and kept."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from zone import names


@dataclass(frozen=True, kw_only=True)
class HubLogsArgs:
    """Inputs of HubLogs."""

    account_key: str
    """Account of the hub; part of the log groups' names."""

    config_name: str
    """Name of the query logging configuration [≤ 64 characters]."""

    vpc_id: pulumi.Input[str]
    """The hub's own VPC, whose queries are written too."""

    key_arn: pulumi.Input[str]
    """The account's logs key."""

    retention_days: int
    """Days."""

    inspected: bool
    """Whether there is a firewall, whose records need a group."""

    disposable: bool
    """Whether destroying the stack deletes the logs too."""


class HubLogs(pulumi.ComponentResource):
    """Log groups, and the query logging that teams' networks are associated with.

    AWS writes the resource policy of the groups itself, when the configuration is made by a role that may
    (`logs:PutResourcePolicy`; Amazon CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs": unread this session).
    """

    query_log_id: pulumi.Output[str]
    """The query logging configuration."""

    query_log_arn: pulumi.Output[str]
    """Its ARN: what is shared."""

    firewall_log_group_name: pulumi.Output[str | None]
    """Log group of the firewall."""

    def __init__(self, name: str, args: HubLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:HubLogs", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(protect=not args.disposable, retain_on_delete=not args.disposable)

        groups = {
            what: aws.cloudwatch.LogGroup(
                f"{name}-{what}",
                name=names.log_group(args.account_key, what),
                kms_key_id=args.key_arn,
                retention_in_days=args.retention_days,
                opts=child.merge(kept).merge(pulumi.ResourceOptions(delete_before_replace=True)),
            )
            for what in ("dns-queries", *(["hub-firewall"] if args.inspected else []))
        }
        config = aws.route53.ResolverQueryLogConfig(
            f"{name}-dns-queries", name=args.config_name, destination_arn=groups["dns-queries"].arn, opts=child
        )
        aws.route53.ResolverQueryLogConfigAssociation(
            f"{name}-dns-queries", resolver_query_log_config_id=config.id, resource_id=args.vpc_id, opts=child
        )

        self.query_log_id = config.id
        self.query_log_arn = config.arn
        self.firewall_log_group_name = groups["hub-firewall"].name if args.inspected else pulumi.Output.from_input(None)
        self.register_outputs(
            {
                "query_log_id": self.query_log_id,
                "query_log_arn": self.query_log_arn,
                "firewall_log_group_name": self.firewall_log_group_name,
            }
        )
