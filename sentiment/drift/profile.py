"""The profile: a reference as counts, small, deterministic, without a text.

Two kinds of reference have the same form. `profile.json` of a bundle is made at export from the
validation rows. A profile of the store is made from its first full days. Shares and covariances
alone travel, so that nothing of a comment does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sentiment.drift.features import BINS_VERSION, FEATURES, Feature
from sentiment.drift.two_sample import Sample, sample_of_independent, sample_of_videos
from sentiment.drift.windows import Window
from sentiment.errors import BundleError, DataError
from sentiment.files import write_text
from sentiment.release.bundle import PROFILE_FILE, Bundle

MAX_BYTES = 50_000
"""A longer file is no profile."""

MIN_COMMENTS = 200
MIN_VIDEOS = 10.0
"""Fewer tell nothing of how videos differ; as many equally large ones (Kish 1965)."""

_DIGITS = 6
_Share = Annotated[float, Field(ge=0, le=1)]
_EXPORT_ANEW = "Export the model anew with `sentiment export`: bundles made since carry a profile."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FeatureProfile(_Part):
    """One feature of a reference."""

    n_comments: Annotated[int, Field(ge=2)]
    n_units: Annotated[float, Field(gt=1)]
    """Independent units; see `sentiment.drift.two_sample.Sample`."""
    shares: list[_Share]
    """Of the feature's bins, in their order."""
    covariance: list[list[float]]
    """Of the shares; a row a bin."""

    @classmethod
    def of(cls, sample: Sample) -> Self:
        """Round a sample to what a file holds."""
        return cls(
            n_comments=sample.n_comments,
            n_units=_rounded(sample.n_units),
            shares=[_rounded(share) for share in sample.shares],
            covariance=[[_rounded(value) for value in row] for row in sample.covariance],
        )

    @property
    def sample(self) -> Sample:
        """The feature as the tests want it."""
        return Sample(
            shares=np.array(self.shares),
            covariance=np.array(self.covariance),
            n_comments=self.n_comments,
            n_units=self.n_units,
        )


class Profile(_Part):
    """What `profile.json` holds."""

    format_version: Literal[1] = 1
    bins_version: int = BINS_VERSION
    source: Literal["validation", "store"]
    model_digest: str
    """Of the model whose labels were counted; empty in a bundle, whose digest covers this file."""
    since: str = ""
    """First day of a store's window, ISO 8601; empty for validation rows."""
    until: str = ""
    """The day after its last, likewise."""
    n_comments: Annotated[int, Field(ge=0)]
    features: dict[str, FeatureProfile]

    @model_validator(mode="after")
    def _fits_the_bins(self) -> Self:
        if self.bins_version != BINS_VERSION:
            raise ValueError(f"wanted bins {BINS_VERSION}, found {self.bins_version}")
        names = [feature.name for feature in FEATURES]
        if sorted(self.features) != sorted(names):
            raise ValueError(f"wanted the features {names}, found {list(self.features)}")
        for feature in FEATURES:
            _check(feature, self.features[feature.name])
        return self

    def to_json(self) -> str:
        """Return the file's content: the same for the same comments, to the last byte."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True) + "\n"


def profile_of_rows(counts: Window) -> Profile:
    """Make the profile of rows that have nothing to do with each other: validation rows.

    Args:
        counts: of the rows, as if they were of one video.

    Raises:
        DataError: there are too few.
    """
    samples = {}
    for feature in FEATURES:
        counted = counts.counts[feature.name].sum(axis=0)
        _refuse_few(feature, n_comments=int(counted.sum()), n_units=None)
        samples[feature.name] = sample_of_independent(counted)
    return _profile(samples, source="validation", n_comments=counts.n_comments)


def profile_of_window(window: Window, *, model_digest: str, since: str, until: str) -> Profile:
    """Make the profile of a window of the store.

    Args:
        window: its counts.
        model_digest: of the model that labelled its comments.
        since: its first day, ISO 8601.
        until: the day after its last.

    Raises:
        DataError: it holds too few comments or videos.
    """
    samples = {}
    for feature in FEATURES:
        sample = sample_if_enough(window, feature)
        if sample is None:
            counted = window.counts[feature.name]
            _refuse_few(
                feature, n_comments=int(counted.sum()), n_units=float((counted.sum(1) > 0).sum())
            )
            raise _too_few(feature, int(counted.sum()), "too unequal videos")
        samples[feature.name] = sample
    return _profile(
        samples,
        source="store",
        n_comments=window.n_comments,
        model_digest=model_digest,
        since=since,
        until=until,
    )


def read_profile(path: Path) -> Profile:
    """Read a profile that `sentiment drift reference` wrote.

    Raises:
        DataError: it can't be read, is no profile, or was made with other bins.
    """
    return _parse(path, DataError, hint="Make it anew with `sentiment drift reference`.")


def read_bundled_profile(bundle: Bundle) -> Profile:
    """Read the profile in a bundle.

    Raises:
        BundleError: the bundle carries none, or one of other bins.
    """
    path = bundle.profile_path
    if path is None:
        raise BundleError(
            f"Wanted a reference in the bundle at {bundle.directory}; it has no {PROFILE_FILE}.",
            hint=f"{_EXPORT_ANEW} Or name one with --reference (`sentiment drift reference`).",
        )
    return _parse(path, BundleError, hint=_EXPORT_ANEW)


def write_profile(path: Path, profile: Profile) -> None:
    """Write a profile, whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_text(path, profile.to_json())


def sample_if_enough(window: Window, feature: Feature) -> Sample | None:
    """Describe a feature of a window; None where it holds too little to tell anything.

    Args:
        window: counts by video.
        feature: which one.
    """
    counts = window.counts[feature.name]
    counts = counts[counts.sum(axis=1) > 0]
    if counts.sum() < MIN_COMMENTS or len(counts) < MIN_VIDEOS:
        return None
    sample = sample_of_videos(counts)
    return sample if sample.n_units >= MIN_VIDEOS else None


def _profile(
    samples: Mapping[str, Sample],
    *,
    source: Literal["validation", "store"],
    n_comments: int,
    model_digest: str = "",
    since: str = "",
    until: str = "",
) -> Profile:
    return Profile(
        source=source,
        model_digest=model_digest,
        since=since,
        until=until,
        n_comments=n_comments,
        features={name: FeatureProfile.of(sample) for name, sample in samples.items()},
    )


def _parse(path: Path, kind: type[BundleError | DataError], *, hint: str) -> Profile:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise kind(f"{path} can't be read: {error.strerror or error}.", hint=hint) from error
    if len(content) > MAX_BYTES:
        raise kind(f"{path} is no profile: wanted at most {MAX_BYTES:,} bytes.", hint=hint)
    try:
        return Profile.model_validate_json(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'document'}: {problem['msg']}"
            for problem in error.errors()[:3]
        )
        raise kind(f"{path} is no profile of ours: {problems}.", hint=hint) from None


def _check(feature: Feature, found: FeatureProfile) -> None:
    n_bins = len(feature.bins)
    if len(found.shares) != n_bins or abs(sum(found.shares) - 1) > 1e-3:
        raise ValueError(f"{feature.name}: wanted {n_bins} shares that sum to 1")
    covariance = np.array(found.covariance) if _is_square(found.covariance, n_bins) else None
    if covariance is None or not np.isfinite(covariance).all() or (np.diag(covariance) < 0).any():
        raise ValueError(f"{feature.name}: wanted a covariance of {n_bins} rows and columns")


def _is_square(rows: list[list[float]], n: int) -> bool:
    return len(rows) == n and all(len(row) == n for row in rows)


def _refuse_few(feature: Feature, *, n_comments: int, n_units: float | None) -> None:
    if n_comments < MIN_COMMENTS or (n_units is not None and n_units < MIN_VIDEOS):
        of = "rows" if n_units is None else f"videos: {n_units:.0f}"
        raise _too_few(feature, n_comments, of)


def _too_few(feature: Feature, n_comments: int, of: str) -> DataError:
    return DataError(
        f"A reference needs at least {MIN_COMMENTS} comments of {MIN_VIDEOS:.0f} videos for "
        f"{feature.name!r}, found {n_comments:,} ({of}).",
        hint="Take more days with --days, or wait until the store holds more.",
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
