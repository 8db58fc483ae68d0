"""Prints what the emulated AWS decided in a rehearsal: refusals with layer and statement, and what nobody looked at."""

from rich.console import Console

from local.authority.decided import Decided

LONGEST = 8
"""Names a line lists before it counts the rest."""


def show_decisions(console: Console, decided: Decided) -> None:
    """Print the sum, each refusal once, and what was asked for less than AWS asks."""
    total = decided.allowed + decided.refused
    console.print(
        f"The emulated AWS decided {total:,} calls: {decided.allowed:,} allowed, {decided.refused:,} refused, "
        f"in {decided.seconds:.1f} s."
    )
    for each in decided.refusals:
        console.print(f"  [red]refused[/] [bold]{each['call']}[/]", highlight=False)
        for line in (each["message"], f"decided by {each['why']}"):
            console.print(f"    {line}", markup=False, soft_wrap=not console.is_terminal)
    listed = {
        "could not be known, and were refused": decided.unsupported,
        "asked for the action alone, no row of further rights": decided.without_row,
        "let through, for AWS's reference lists no such action": decided.without_action,
    }
    for what, names in listed.items():
        if names:
            more = f" and {len(names) - LONGEST} more" if len(names) > LONGEST else ""
            console.print(f"  {len(names)} {what}: {', '.join(names[:LONGEST])}{more}", markup=False)
