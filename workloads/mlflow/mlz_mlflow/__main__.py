"""The image's commands: `serve` (default) and `migrate`."""

import sys

from mlz_mlflow.allowed import NotReviewedError
from mlz_mlflow.database import DatabaseError
from mlz_mlflow.migrate import migrate
from mlz_mlflow.serve import serve
from mlz_mlflow.settings import SettingsError


def main(arguments: list[str]) -> int:
    """Run a command; 2 where whoever deploys can mend it."""
    asked = arguments or ["serve"]
    if asked not in (["serve"], ["migrate"]):
        print("usage: python -m mlz_mlflow [serve | migrate]", file=sys.stderr)
        return 2
    try:
        if asked == ["serve"]:
            serve()
        else:
            print(f"migrated to {migrate()}")
    except (NotReviewedError, DatabaseError, SettingsError) as error:
        print(f"mlz_mlflow: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
