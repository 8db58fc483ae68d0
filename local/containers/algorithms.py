"""SageMaker's built-in algorithms here: AWS's images cannot be pulled without a network, so a folder stands for one.

    folder = folder_of_algorithm("141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5")

The library of AWS's image is open, so the same version of it runs (local/algorithms); zone/facts/algorithms.json says
which images and metrics AWS's are. The image of another version or algorithm holds no program here.
"""

from pathlib import Path
from typing import Final

from local.containers.images import address_of, snapshot
from zone.facts.algorithms import Algorithm, algorithms

_FOLDER: Final = Path(__file__).parents[1] / "algorithms"

RUNS_HERE: Final = {("xgboost", "3.0-5"): _FOLDER / "xgboost"}
"""(algorithm, version) → the folder that stands for its image."""


def algorithm_of(image_uri: str) -> Algorithm | None:
    """Return the built-in algorithm whose image that is, in whatever version; None: it is none of AWS's."""
    address = address_of(image_uri)
    if address is None:
        return None
    found = (each for each in algorithms() if each.repository == address["repository"])
    return next((each for each in found if each.accounts.get(address["region"]) == address["account"]), None)


def folder_of_algorithm(image_uri: str) -> Path | None:
    """Return the folder that stands for the image of a built-in algorithm; None: none does."""
    algorithm, address = algorithm_of(image_uri), address_of(image_uri)
    if algorithm is None or address is None:
        return None
    folder = RUNS_HERE.get((algorithm.name, address.get("tag", "")))
    return snapshot(folder) if folder else None
