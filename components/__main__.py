"""Serves the components as the Pulumi package `mlz`: the engine runs this folder, as PulumiPlugin.yaml says."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # Run as a folder, Python looks for modules in it; `components` and `zone` lie one above.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from components.package.provider import serve

    serve()
