"""What the CI must know of the roles: the commands that tell it, for people to run."""

from collections.abc import Iterator

from operations.bootstrap.files import backend_url
from zone import names
from zone.plan.zone import ZonePlan


def hints(zone: ZonePlan) -> Iterator[str]:
    """Yield the lines; none where no CI is declared, or one nobody here knows."""
    organization = zone.organization
    ci = organization.integration
    if ci is None:
        yield "No CI is declared (continuous_integration in org/environment.yaml): people deploy, signed in themselves."
        return
    account = f"arn:aws:iam::{organization.management_account_id}:role/"
    shared = {
        "PULUMI_BACKEND_URL": backend_url(organization.state_bucket, organization.home_region),
        "MLZ_HOME_REGION": organization.home_region,
    }
    jobs = [job for job in ci.subjects if job != names.PREVIEW]
    roles = {job: ("MLZ_DEPLOY_ROLE_ARN", account + names.deploy_role(job)) for job in jobs}
    if organization.preview_caller_arn:
        roles[names.PREVIEW] = ("MLZ_PREVIEW_ROLE_ARN", organization.preview_caller_arn)
    else:
        yield "No role for previews of pull requests: set pull_request_role in org/environment.yaml, then this again."
    if ci.by == "github":
        yield f"Tell GitHub, with the right to administer {ci.place}:"
        yield from (f"gh variable set {name} -R {ci.place} --body '{value}'" for name, value in shared.items())
        for job, (name, arn) in roles.items():
            yield f"gh api --silent -X PUT repos/{ci.place}/environments/{job}"
            yield f"gh variable set {name} -R {ci.place} --env {job} --body {arn}"
        yield "Required reviewers: repository's Settings > Environments, for org, prod and preview at least."
    elif ci.by == "gitlab":
        yield f"Tell GitLab, as a maintainer of {ci.place}:"
        yield from (f"glab variable set {name} '{value}' -R {ci.place}" for name, value in shared.items())
        yield from (f"glab variable set {name} {arn} -R {ci.place} --scope {job}" for job, (name, arn) in roles.items())
        yield "GitLab's tokens name the branch and no environment: who may merge to it may deploy every environment."
        yield "So protect the branch, and in Settings > CI/CD the environments org and prod, with approvals."
    else:
        yield f"Tell the CI that {ci.issuer} stands for:"
        yield from (f"{name}={value}" for name, value in shared.items())
        yield from (f"{name}={arn} in jobs of {job}" for job, (name, arn) in roles.items())
