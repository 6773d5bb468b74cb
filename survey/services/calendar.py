"""The calendar day of an instant, as it is counted in Viet Nam."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local_date(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()


def local_hour(moment: datetime) -> int:
    return moment.astimezone(LOCAL_ZONE).hour


def now() -> datetime:
    """This instant; the one place that asks the clock."""
    return datetime.now(UTC)
