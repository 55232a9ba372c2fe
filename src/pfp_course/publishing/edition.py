"""The day of an edition."""

import os
from datetime import UTC, date, datetime

__all__ = ["edition_day"]


def edition_day() -> date:
    """Return the day of an edition: that of ``SOURCE_DATE_EPOCH`` if it is set, or today's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdigit() else date.today()
