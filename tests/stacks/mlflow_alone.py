"""A zone cut to MLflow on Fargate and the teams' way to it, so that a test may say what else there is not."""

from dataclasses import replace

from zone.plan.endpoints import declared, needed
from zone.plan.images import ImagesPlan
from zone.plan.reach import endpoints_to, of_flavour
from zone.specs.load import load


def mlflow_alone(zone, folder):
    """Leave hubs, further regions, images and packages of the zone in *folder* out."""
    specs = load(folder)
    platforms = {
        name: replace(each, hub=None, images=ImagesPlan(), packages=None) for name, each in zone.platforms.items()
    }
    return replace(zone, platforms=platforms, teams={key: _team(key, each, specs) for key, each in zone.teams.items()})


def _team(key, team, specs):
    reads = {share.kind for share in team.shares_in}
    features = [each for each in declared(specs.accounts[key], reads) if each != "image-builds"]
    return replace(
        team,
        hub=None,
        regions={},
        account=replace(team.account, further_regions=()),
        shared_images=(),
        studio_images={},
        builds=None,
        packages=None,
        promotions_in=(),
        promotions_out=(),
        endpoints=(*needed(team.account.region, of_flavour(features, team.mlflow)), *endpoints_to(team.mlflow)),
    )
