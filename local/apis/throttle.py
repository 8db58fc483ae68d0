"""How many calls a stage lets through: a bucket that fills at the rate and holds the burst.

Source: API Gateway Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway" (token
bucket algorithm), from memory; "Amazon API Gateway quotas", read 2026-11-30.
"""

import time
from typing import Any, Final

_ACCOUNT: Final = (10_000.0, 5_000.0)
"""Rate and burst of an account in a region, where a stage says nothing."""

_BUCKETS: Final[dict[tuple[str, str], tuple[float, float]]] = {}
"""(API, stage) → tokens, and when they were counted."""


def lets_through(api_id: str, stage: Any, *, now: float | None = None) -> bool:  # noqa: ANN401 - moto's class
    """Whether one more call of a stage is let through, and count it.

    Args:
        api_id: the API.
        stage: moto's stage.
        now: the time [s]; default: this moment.
    """
    moment = time.monotonic() if now is None else now
    settings = stage.method_settings.get("*/*", {})
    rate = float(settings.get("throttlingRateLimit", _ACCOUNT[0]))
    burst = float(settings.get("throttlingBurstLimit", _ACCOUNT[1]))
    tokens, counted = _BUCKETS.get((api_id, stage.name), (burst, moment))
    tokens = min(burst, tokens + (moment - counted) * rate)
    lets = tokens >= 1
    _BUCKETS[api_id, stage.name] = (tokens - lets, moment)
    return lets
