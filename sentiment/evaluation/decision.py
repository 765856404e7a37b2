"""What the release gate answers: every question with its numbers, and whether all are passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sentiment.errors import GateRefusedError


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the gate: what it is about, whether it passed, the numbers."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class GateDecision:
    """The answer.

    Attributes:
        candidate: digest of the model that was judged.
        champion: digest of the model in use, None when there is none.
        checks: every question asked, passed or not.
    """

    candidate: str
    champion: str | None
    checks: tuple[Check, ...]

    @property
    def nothing_to_publish(self) -> bool:
        """Whether the candidate is the champion already."""
        return self.candidate == self.champion

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def raise_if_refused(self) -> None:
        """Do nothing if the candidate passed.

        Raises:
            GateRefusedError: a check failed; the message lists all that did, with their numbers.
        """
        failed = [check for check in self.checks if not check.passed]
        if failed:
            listed = "".join(f"\n  - {check.name}: {check.detail}" for check in failed)
            raise GateRefusedError(
                f"The gate refuses {self.candidate[:12]}: "
                f"{len(failed)} of {len(self.checks)} checks failed.{listed}\n",
                hint="Improve the candidate, or look at it with `sentiment evaluate`.",
            )

    def to_json(self) -> dict[str, Any]:
        """Return the decision as plain JSON values."""
        return {
            "candidate": self.candidate,
            "champion": self.champion,
            "passed": self.passed,
            "nothing_to_publish": self.nothing_to_publish,
            "checks": [
                {"name": check.name, "passed": check.passed, "detail": check.detail}
                for check in self.checks
            ],
        }
