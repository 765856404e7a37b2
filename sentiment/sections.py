"""Sections of a YAML file as frozen, strict models, and how such a file is read.

Owns what is said of a file that can't be used: the unknown key with the nearest known one, the
value of a wrong type or range.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from sentiment.errors import ConfigError


class Section(BaseModel):
    """A part of a configuration: frozen, of exact types, without unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        protected_namespaces=(),
        use_attribute_docstrings=True,
    )


_Config = TypeVar("_Config", bound=Section)
_CONFIGS_DIR = Path("configs")


def read_config(path: Path, kind: type[_Config]) -> _Config:
    """Read and validate a configuration.

    Args:
        path: a YAML file such as configs/quickstart.yaml.
        kind: what it should hold.

    Raises:
        ConfigError: it can't be read, is no YAML mapping, holds an unknown key (the nearest
            known one is named) or a value of the wrong type or range.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"The configuration {path} can't be read: {error.strerror or error}.",
            hint=_other_than(path),
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not YAML: {error}.") from error
    if not isinstance(document, dict):
        raise ConfigError(
            f"{path} should hold a mapping of keys to values, found {type(document).__name__}."
        )
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        problems = [_describe(problem, kind) for problem in error.errors()]
        raise ConfigError(f"{path} can't be used: {'; '.join(problems)}.") from None


def _other_than(path: Path) -> str:
    """Return which file was likely meant, else all; a name alone is one of `configs/`."""
    folder = path.parent
    if folder == Path() and _CONFIGS_DIR.is_dir():
        folder = _CONFIGS_DIR
    found = {one.stem: str(one) for one in sorted(folder.glob("[!.]*.yaml"))}
    nearest = _nearest(path.stem, list(found))
    if nearest is not None:
        return f"Did you mean {found[nearest]}?"
    return f"There are: {', '.join(found.values()) or 'none in that folder'}."


def _describe(problem: ErrorDetails, kind: type[Section]) -> str:
    loc = problem["loc"]
    where = ".".join(map(str, loc))
    if problem["type"] == "extra_forbidden":
        return f"unknown key {where!r}: {advice(str(loc[-1]), _keys_at(kind, loc[:-1]))}"
    if problem["type"] == "union_tag_invalid":
        known = [tag.strip(" '") for tag in problem["ctx"]["expected_tags"].split(",")]
        tag = problem["ctx"]["tag"]
        return f"unknown kind {tag!r} at {where!r}: {advice(tag, known)}"
    if problem["type"] == "union_tag_not_found":
        return f"missing key '{where}.kind'"
    if problem["type"] == "missing":
        return f"missing key {where!r}"
    # A rule over several keys has a whole section as its input, and says itself what is wrong.
    found = "" if isinstance(problem["input"], Mapping) else f", found {problem['input']!r}"
    return f"{where}: {problem['msg']}{found}"


def advice(word: str, known: list[str]) -> str:
    """Return what to write in place of an unknown word: the nearest known one, or all."""
    nearest = _nearest(word, known)
    return f"known are {', '.join(known)}" if nearest is None else f"did you mean {nearest!r}?"


def _nearest(word: str, known: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.5)), None)


def _keys_at(root: type[Section], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the section at `loc` may hold."""
    place: Any = root
    for part in loc:
        if isinstance(part, int):  # the sections of a list are found inside its annotation
            continue
        place = next(
            section if part in _tags(section) else section.model_fields[part].annotation
            for section in _sections_in(place)
            if part in _tags(section) or part in section.model_fields
        )
    return list(dict.fromkeys(key for part in _sections_in(place) for key in part.model_fields))


def _tags(section: type[BaseModel]) -> tuple[Any, ...]:
    """Return the values of `kind` that choose this section among several."""
    field = section.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from _sections_in(argument)
