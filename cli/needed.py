"""Which stacks a change needs, for people."""

from rich.console import Console
from rich.table import Table

from checks.base import Difference


def show_needed(base: str, change: Difference) -> None:
    """Print which stacks a change needs, in the order in which they are deployed, and why."""
    console = Console(highlight=False)
    needed = [each.stack for each in change.stacks if not each.gone]
    if not change.stacks:
        console.print(f"no stack differs from {base}")
        return
    console.print(f"What differs from {base} needs {'these stacks, in this order' if needed else 'no `up`'}:")
    for reason in change.everywhere:
        console.print(f"[yellow]all of them[/]: {reason}")
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for each in change.stacks:
        if each.why:
            table.add_row(each.stack, "\n".join(each.why))
    if table.row_count:
        console.print(table)
    if needed:
        console.print(f"./mlz up {' '.join(needed)}", soft_wrap=True)
