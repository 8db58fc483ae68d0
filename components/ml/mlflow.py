"""The environment's managed MLflow: tracking servers, and a role by which each team reaches its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.access.arns import policy_arn, role_arn
from components.access.grants.mlflow import serve, track
from components.access.grants.roles import holders
from components.access.grants.statement import Statement, policy_json, trust_roles, trust_sagemaker
from zone import names


@dataclass(frozen=True, kw_only=True)
class MlflowArgs:
    """Inputs of Mlflow."""

    account_key: str
    """Account of the servers; part of the names."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Region of the servers."""

    environment: str
    """Environment the servers are for; part of their names."""

    teams: Mapping[str, str]
    """Account id by team. Plain: they decide which resources exist."""

    isolated: bool
    """Whether each team has a server of its own; else they share one and see each other's runs. Plain likewise."""

    server_size: str
    """Size of a server: Small, Medium or Large."""

    disposable: bool
    """Whether destroying the stack deletes the servers, and with them what they know of runs."""

    bucket_name: pulumi.Input[str]
    """Bucket of the artifacts."""

    key_arn: pulumi.Input[str]
    """KMS key of the artifacts."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary every role carries."""


class Mlflow(pulumi.ComponentResource):
    """One tracking server for all teams, or one for each.

    A shared server does not keep teams apart: IAM's smallest unit is the server, so each team reads and changes
    every team's runs; only deleting is denied. A server per team does keep them apart.
    """

    server_arns: Mapping[str, pulumi.Output[str]]
    """ARN of the tracking server by team; of the one server by each team when it is shared."""

    access_role_arns: Mapping[str, pulumi.Output[str]]
    """Role that the team's roles assume, by team."""

    def __init__(self, name: str, args: MlflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Mlflow", name, {}, opts)
        words.names(team=args.teams, account=[args.account_key], environment=[args.environment])
        child = pulumi.ResourceOptions(parent=self)
        servers = (
            {team: _server(name, args, team, child) for team in args.teams}
            if args.isolated
            else dict.fromkeys(args.teams, _server(name, args, None, child))
        )
        self.server_arns = {
            team: _server_arn(args, server, team if args.isolated else None) for team, server in servers.items()
        }
        access = {
            team: _role(
                f"{name}-mlflow-{team}",
                names.mlflow_access_role(team),
                args,
                trust=trust_roles(
                    account_id,
                    [names.role_arn(account_id, role) for role in holders("log-experiments")],
                ),
                statements=track(self.server_arns[team], shared=not args.isolated),
                child=child,
            )
            for team, account_id in args.teams.items()
        }

        self.access_role_arns = access
        self.register_outputs({"server_arns": self.server_arns, "access_role_arns": self.access_role_arns})


def _server(
    name: str, args: MlflowArgs, team: str | None, child: pulumi.ResourceOptions
) -> aws.sagemaker.MlflowTrackingServer:
    """Make the shared server (*team* None) or a team's server, with a role that reaches only its artifacts."""
    what = f"{name}-server-{team}" if team else f"{name}-server"
    prefix = names.artifact_prefix(args.teams[team]) if team else ""
    role_arn = _role(
        what,
        names.mlflow_server_role(team),
        args,
        trust=trust_sagemaker(args.account_id),
        statements=serve(
            names.bucket_arn(args.account_key, "mlflow", args.account_id),
            prefix,
            args.key_arn,
            region=args.region,
            account_id=args.account_id,
        ),
        child=child,
    )
    return aws.sagemaker.MlflowTrackingServer(
        what,
        tracking_server_name=names.mlflow_server(args.environment, team),
        tracking_server_size=args.server_size,
        artifact_store_uri=pulumi.Output.concat("s3://", args.bucket_name, f"/{prefix}".rstrip("/")),
        role_arn=role_arn,
        # Models are registered on purpose, by register(): not by every run that logs one.
        automatic_model_registration=False,
        opts=child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        ),
    )


def _server_arn(args: MlflowArgs, server: aws.sagemaker.MlflowTrackingServer, team: str | None) -> pulumi.Output[str]:
    """Return the ARN by the server's name, which is known at preview."""
    arn = names.mlflow_server_arn(args.region, args.account_id, args.environment, team)
    return server.tracking_server_name.apply(lambda _: arn)


def _role(
    logical: str,
    role_name: str,
    args: MlflowArgs,
    *,
    trust: dict[str, object],
    statements: tuple[Statement, ...],
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make a role with one policy; the ARN is there when the policy is attached."""
    named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
    role = aws.iam.Role(
        logical,
        name=role_name,
        path=names.PATH,
        permissions_boundary=args.boundary_arn,
        assume_role_policy=pulumi.Output.json_dumps(trust),
        opts=named,
    )
    policy = aws.iam.Policy(logical, name=role_name, path=names.PATH, policy=policy_json(statements), opts=named)
    attachment = aws.iam.RolePolicyAttachment(
        logical, role=role.name, policy_arn=policy_arn(policy, args.account_id), opts=child
    )
    return role_arn(role, args.account_id, attachment)
