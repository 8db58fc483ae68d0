"""When a record was true: the event time of a feature group, as seconds or as text.

Source: SageMaker Developer Guide, "Feature Store concepts" and API reference, CreateFeatureGroup,
EventTimeFeatureName (Fractional: Unix seconds; String: yyyy-MM-dd'T'HH:mm:ssZ or with milliseconds), read 2026-11-30.
"""

import re
from datetime import UTC, datetime
from typing import Final

_TEXT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:?\d\d)")


def moment(text: str) -> datetime:
    """Return the moment that an event time says [UTC].

    Raises:
        ValueError: it says none.
    """
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (OverflowError, OSError):
        raise ValueError(text) from None
    except ValueError:
        if not _TEXT.fullmatch(text):
            raise
        return datetime.fromisoformat(text).astimezone(UTC)
