"""The organisation as a picture: one column an organisational unit, one card an account, one arrow a declared share."""

from collections.abc import Iterator
from html import escape

from zone.plan.account import AccountPlan
from zone.plan.shares import Share
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow

CARD_WIDTH, LINE_HEIGHT, GAP, MARGIN, COLUMN_GAP = 296, 18, 18, 24, 110
INK, SOFT, LINE, PAPER = "#1b2733", "#5b6b7b", "#c9d3dd", "#ffffff"
ACCENTS = {"team": "#0b7a75", "platform": "#3a5ba9", "logs": "#8a6d3b", "security": "#9c3d54"}


def svg(zone: ZonePlan) -> str:
    """Draw *zone* as an SVG document; the same plan gives the same bytes."""
    columns = _columns(zone)
    cards: dict[str, tuple[int, int, int]] = {}
    body: list[str] = []
    height = 0
    for index, (unit, accounts) in enumerate(columns.items()):
        x = MARGIN + index * (CARD_WIDTH + COLUMN_GAP)
        y = 92
        body.append(_text(x, y - 14, unit, size=13, weight=600, fill=SOFT))
        for account in accounts:
            lines = list(_lines(zone, account))
            card_height = 40 + LINE_HEIGHT * len(lines)
            cards[account.key] = (x, y, card_height)
            body.append(_card(x, y, card_height, account, lines))
            y += card_height + GAP
        height = max(height, y)
    shares = [_arrow(cards, owner, reader, pair) for (owner, reader), pair in _shares(zone).items()]
    width = 2 * MARGIN + len(columns) * (CARD_WIDTH + COLUMN_GAP) - COLUMN_GAP + 90
    organization = zone.organization
    title = f"Organisation of {organization.management_account_id}: {len(organization.accounts)} accounts"
    subtitle = f"regions {', '.join(organization.allowed_regions)} · {len(organization.guardrails)} guardrails · "
    subtitle += "an arrow is a declared share: the only way data crosses accounts"
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + MARGIN}" '
                'font-family="-apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img">'
            ),
            f"<title>{escape(title)}</title>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            (
                '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
                f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{ACCENTS["team"]}"/></marker></defs>'
            ),
            _text(MARGIN, 32, title, size=17, weight=700),
            _text(MARGIN, 52, subtitle, size=12, fill=SOFT),
            *body,
            *shares,
            "</svg>\n",
        ]
    )


def _columns(zone: ZonePlan) -> dict[str, list[AccountPlan]]:
    """Accounts by organisational unit, both in reading order."""
    columns: dict[str, list[AccountPlan]] = {}
    for account in sorted(zone.organization.accounts.values(), key=lambda a: (a.organizational_unit, a.kind, a.key)):
        columns.setdefault(account.organizational_unit, []).append(account)
    return columns


def _lines(zone: ZonePlan, account: AccountPlan) -> Iterator[str]:
    """What the card of *account* says, one line each."""
    yield f"{account.account_id} · {account.tags['mlz:data-class']} · {account.budget_usd_per_month:,} USD/month"
    if team := zone.teams.get(account.stack):
        yield from _team_lines(team)
    elif (platform := zone.platforms.get(account.stack)) and platform.account.key == account.key:
        yield _mlflow_line(platform)


def _team_lines(team: TeamPlan) -> Iterator[str]:
    """What a team's card says."""
    gateways = sum(endpoint.gateway for endpoint in team.endpoints)
    uses = [use for use in type(team.instance_types).model_fields if getattr(team.instance_types, use)]
    existing = team.network.existing
    if existing:
        yield f"{team.network.cidr} · {len(existing.subnet_ids)} zones · the network team's"
    else:
        yield f"{team.network.cidr} · {len(team.network.subnets)} zones · no internet gateway"
    yield f"{len(team.endpoints) - gateways} interface + {gateways} gateway endpoints"
    if team.regions:
        yield f"also in {', '.join(team.regions)}: trains and serves"
    yield f"Studio: {len(team.members)} members"
    for start in range(0, len(uses), 4):
        comma = "," if len(uses) > start + 4 else ""
        yield ("runs " if not start else "  ") + ", ".join(uses[start : start + 4]) + comma
    if team.feature_groups:
        yield f"features: {', '.join(team.feature_groups)}"
    if team.models:
        yield f"models: {', '.join(team.models)}"


def _mlflow_line(platform: PlatformPlan) -> str:
    """How the environment's teams are kept apart in MLflow, in plain words."""
    if isinstance(platform.mlflow, FargateMlflow):
        servers = "one server, teams kept apart by its gate"
        return f"MLflow on Fargate: {servers if platform.mlflow.mode == 'shared' else 'a server per team'}"
    if platform.mlflow.mode == "shared":
        return "MLflow: one server, no isolation"
    return f"MLflow: {len(platform.teams)} servers, one per team"


def _shares(zone: ZonePlan) -> dict[tuple[str, str], list[Share]]:
    """Every declared share, by owner and reader, in a fixed order."""
    pairs: dict[tuple[str, str], list[Share]] = {}
    for _, team in sorted(zone.teams.items()):
        for share in sorted(team.shares_out, key=lambda share: (share.reader, share.kind, share.name)):
            pairs.setdefault((share.owner, share.reader), []).append(share)
    return pairs


def _card(x: int, y: int, height: int, account: AccountPlan, lines: list[str]) -> str:
    """One account."""
    accent = ACCENTS[account.kind]
    texts = [_text(x + 14, y + 46 + LINE_HEIGHT * index, line, size=12) for index, line in enumerate(lines)]
    return "\n".join(
        [
            f'<rect x="{x}" y="{y}" width="{CARD_WIDTH}" height="{height}" rx="6" fill="{PAPER}" stroke="{LINE}"/>',
            f'<rect x="{x}" y="{y}" width="4" height="{height}" rx="2" fill="{accent}"/>',
            _text(x + 14, y + 23, account.key, size=14, weight=700),
            *texts,
        ]
    )


def _arrow(cards: dict[str, tuple[int, int, int]], owner: str, reader: str, shares: list[Share]) -> str:
    """The shares of one owner with one reader, from card to card, bowed to the right of the column."""
    x, owner_y, owner_height = cards[owner]
    reader_x, reader_y, reader_height = cards[reader]
    start, end = owner_y + owner_height // 2, reader_y + reader_height // 2
    right, reader_right = x + CARD_WIDTH, reader_x + CARD_WIDTH
    path = f"M{right} {start} C{right + 46} {start} {reader_right + 46} {end} {reader_right + 2} {end}"
    whats = ", ".join(f"{share.name} ({share.kind})" for share in shares)
    label = f"{len(shares)} share{'s' if len(shares) > 1 else ''}"
    return "\n".join(
        [
            (
                f'<path d="{path}" fill="none" stroke="{ACCENTS["team"]}" stroke-width="1.5" marker-end="url(#tip)">'
                f"<title>{escape(f'{reader} may read of {owner}: {whats}')}</title></path>"
            ),
            _text(max(right, reader_right) + 40, (start + end) // 2 + 4, label, size=12, fill=ACCENTS["team"]),
        ]
    )


def _text(x: int, y: int, content: str, *, size: int, weight: int = 400, fill: str = INK) -> str:
    """One line of text."""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'xml:space="preserve">{escape(content)}</text>'
    )
