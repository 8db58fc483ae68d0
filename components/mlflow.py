"""The environment's managed MLflow: tracking servers, and a role by which each team reaches its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.arns import policy_arn, role_arn
from components.grants.mlflow import serve, track
from components.grants.roles import holders
from components.grants.statement import Statement, policy_json, trust_roles, trust_sagemaker
from zone import names
from zone.plan.zone import PlatformPlan
from zone.specs.account import PerTeamMlflow


@dataclass(frozen=True, kw_only=True)
class MlflowArgs:
    """Inputs of Mlflow."""

    plan: PlatformPlan
    """The platform's plan. Plain: mode and teams decide which servers and roles exist."""

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
        child = pulumi.ResourceOptions(parent=self)
        plan = args.plan
        isolated = isinstance(plan.mlflow, PerTeamMlflow)
        servers = (
            {team: _server(name, args, team, child) for team in plan.teams}
            if isolated
            else dict.fromkeys(plan.teams, _server(name, args, None, child))
        )
        self.server_arns = {
            team: _server_arn(plan, server, team if isolated else None) for team, server in servers.items()
        }
        access = {
            team: _role(
                f"{name}-mlflow-{team}",
                names.mlflow_access_role(team),
                args,
                trust=trust_roles(
                    account.account_id,
                    [names.role_arn(account.account_id, role) for role in holders("log-experiments")],
                ),
                statements=track(self.server_arns[team], shared=not isolated),
                child=child,
            )
            for team, account in plan.teams.items()
        }

        self.access_role_arns = access
        self.register_outputs({"server_arns": self.server_arns, "access_role_arns": self.access_role_arns})


def _server(
    name: str, args: MlflowArgs, team: str | None, child: pulumi.ResourceOptions
) -> aws.sagemaker.MlflowTrackingServer:
    """Make the shared server (*team* None) or a team's server, with a role that reaches only its artifacts."""
    plan = args.plan
    what = f"{name}-server-{team}" if team else f"{name}-server"
    prefix = names.artifact_prefix(plan.teams[team].account_id) if team else ""
    role_arn = _role(
        what,
        names.mlflow_server_role(team),
        args,
        trust=trust_sagemaker(plan.account.account_id),
        statements=serve(
            names.bucket_arn(plan.account.key, "mlflow", plan.account.account_id),
            prefix,
            args.key_arn,
            region=plan.account.region,
            account_id=plan.account.account_id,
        ),
        child=child,
    )
    disposable = plan.account.disposable
    return aws.sagemaker.MlflowTrackingServer(
        what,
        tracking_server_name=names.mlflow_server(plan.account.environment, team),
        tracking_server_size=plan.mlflow.size.value,
        artifact_store_uri=pulumi.Output.concat("s3://", args.bucket_name, f"/{prefix}".rstrip("/")),
        role_arn=role_arn,
        # Models are registered on purpose, by register(): not by every run that logs one.
        automatic_model_registration=False,
        opts=child.merge(pulumi.ResourceOptions(protect=not disposable, retain_on_delete=not disposable)),
    )


def _server_arn(plan: PlatformPlan, server: aws.sagemaker.MlflowTrackingServer, team: str | None) -> pulumi.Output[str]:
    """Return the ARN by the server's name, which is known at preview."""
    account = plan.account
    arn = names.mlflow_server_arn(account.region, account.account_id, account.environment, team)
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
    account_id = args.plan.account.account_id
    attachment = aws.iam.RolePolicyAttachment(
        logical, role=role.name, policy_arn=policy_arn(policy, account_id), opts=child
    )
    return role_arn(role, account_id, attachment)
