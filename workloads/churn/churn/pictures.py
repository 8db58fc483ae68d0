"""Pictures without a screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def picture(path: Path, *, columns: int = 1, title: str = "") -> Iterator[Any]:
    """Hand out *columns* axes, two beside each other; what was drawn is in *path* afterwards, a PNG for a phone too."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-columns // 2)
    figure = Figure(figsize=(5.2, 3.2 if columns == 1 else 2.3 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    if columns == 1:
        yield figure.subplots()
    else:
        every = figure.subplots(rows, 2, squeeze=False).flatten()
        for spare in every[columns:]:
            spare.remove()
        yield every[:columns]
    figure.suptitle(title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
