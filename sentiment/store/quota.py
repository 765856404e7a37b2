"""Units of the Data API spent by all processes of one store."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from sentiment.store.part import Part
from sentiment.store.tables import QuotaRow


class Quota(Part):
    """Counts units by day; what a day is, the caller says."""

    def spend_units(self, day: date, units: int, *, limit: int) -> int | None:
        """Count units as spent if the day's limit allows all of them, else none.

        Atomic: processes and threads that spend at once never exceed the limit together.

        Args:
            day: of Pacific time.
            units: >= 0.
            limit: units that may be spent that day.

        Returns:
            Units left; None when the limit does not allow it and nothing was spent.

        Raises:
            ValueError: `units` is negative.
        """
        if units < 0:
            raise ValueError(f"wanted units >= 0, found {units}")
        if units > limit:
            return None
        statement = self._database.insert(QuotaRow)
        spent = QuotaRow.spent + statement.excluded.spent
        counting = statement.on_conflict_do_update(
            index_elements=[QuotaRow.day], set_={"spent": spent}, where=spent <= limit
        ).returning(QuotaRow.spent)
        with self._database.writing() as connection:
            now_spent = connection.scalar(counting, {"day": day, "spent": units})
        return None if now_spent is None else limit - now_spent

    def units_spent(self, day: date) -> int:
        """Return the units spent on a day of Pacific time."""
        with self._database.reading() as connection:
            spent = connection.scalar(select(QuotaRow.spent).where(QuotaRow.day == day))
        return spent or 0

    def mark_quota_exhausted(self, day: date, limit: int) -> None:
        """Count the day's whole limit as spent, because YouTube says that it is.

        Args:
            day: of Pacific time.
            limit: units; more than that already counted stays counted.
        """
        statement = self._database.insert(QuotaRow)
        marking = statement.on_conflict_do_update(
            index_elements=[QuotaRow.day],
            set_={"spent": statement.excluded.spent},
            where=statement.excluded.spent > QuotaRow.spent,
        )
        with self._database.writing() as connection:
            connection.execute(marking, {"day": day, "spent": limit})
