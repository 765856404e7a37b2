"""What a run says of itself: rows, speed and what a million comments take."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Summary:
    """A run that ended well.

    Attributes:
        output: the folder of results.
        inputs: files read.
        rows: rows of all inputs, always `scored + rejected`.
        scored: rows with a prediction.
        rejected: rows that were set aside.
        rows_of_this_run: of `rows`, those that this run scored; an earlier one did the others.
        preparing_s: seconds for planning and for starting workers; once a run, not a row.
        scoring_s: seconds from the first part handed out to the verified results.
        model: name of the model.
        digest: of its bundle.
    """

    output: str
    inputs: int
    rows: int
    scored: int
    rejected: int
    rows_of_this_run: int
    preparing_s: float
    scoring_s: float
    model: str
    digest: str

    @property
    def comments_per_s(self) -> float | None:
        """Rows a second while scoring; None where nothing was left to score."""
        return self.rows_of_this_run / self.scoring_s if self.rows_of_this_run else None

    @property
    def seconds_per_million(self) -> float | None:
        """Seconds that a million rows take at this speed, starting included."""
        speed = self.comments_per_s
        return None if speed is None else self.preparing_s + _MILLION / speed

    def cost_per_million(self, price_per_hour: float) -> float | None:
        """Return what a million rows cost.

        Args:
            price_per_hour: of all machines that scored, in any currency.
        """
        seconds = self.seconds_per_million
        return None if seconds is None else price_per_hour * seconds / 3600

    def as_record(self, *, price_per_hour: float | None) -> dict[str, Any]:
        """Return the JSON object for machines."""
        return {
            **asdict(self),
            "comments_per_s": self.comments_per_s,
            "seconds_per_million": self.seconds_per_million,
            "price_per_hour": price_per_hour,
            "cost_per_million": None
            if price_per_hour is None
            else self.cost_per_million(price_per_hour),
        }

    def lines(self, *, price_per_hour: float | None) -> list[str]:
        """Return the sentences for people."""
        counted = f"{self.scored:,} scored, {self.rejected:,} rejected"
        said = [f"{self.rows:,} rows of {self.inputs:,} inputs: {counted}. Results: {self.output}"]
        speed, seconds = self.comments_per_s, self.seconds_per_million
        if speed is None or seconds is None:
            return [*said, "Nothing was left to score."]
        said.append(
            f"{self.rows_of_this_run:,} in {self.scoring_s:.1f} s and {self.preparing_s:.1f} s to "
            f"start: {speed:,.0f} comments/s. A million takes {_duration(seconds)}."
        )
        if price_per_hour is not None:
            cost = self.cost_per_million(price_per_hour)
            said.append(f"At {price_per_hour:g} an hour (your figure) it costs {cost:.2f}.")
        return said


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
