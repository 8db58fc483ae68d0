"""Pictures without a screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def picture(path: Path, *, columns: int = 1, title: str = "") -> Iterator[Any]:
    """Hand out *columns* axes side by side; what was drawn is in *path* afterwards, a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second, only where drawn
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(3.2 * columns if columns > 1 else 6.4, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, columns)
    yield axes
    figure.suptitle(title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=80)
