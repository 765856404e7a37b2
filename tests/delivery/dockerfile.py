"""Reads a Dockerfile, and carries its steps out in a folder that stands for the image.

There is no Docker where the tests run. Each stage gets a folder of its own for its root; the
absolute paths that our Dockerfiles own (`_OWN`) are moved into it, wherever they are written.
Users and namespaces are not imitated: everything runs as whoever runs the tests.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_OWN = re.compile(r"(?:(?<=sqlite:///)|(?<![\w.*/]))/(?=(?:opt|app|build|data|tmp|work)\b)")
_OF_PIP = re.compile(r"^(?:PIP_.*|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|.*_proxy)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its name in capitals, its `--flags`, and the rest."""

    name: str
    flags: dict[str, str]
    value: str

    @property
    def words(self) -> list[str]:
        """The rest as words, of the JSON form where it has that."""
        if self.value.startswith("["):
            words: list[str] = json.loads(self.value)
            return words
        return shlex.split(self.value)


@dataclass(slots=True)
class Stage:
    """From one FROM to the next."""

    image: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def all_of(self, name: str) -> list[Step]:
        return [step for step in self.steps if step.name == name]

    def last(self, name: str) -> Step:
        return self.all_of(name)[-1]


def read_dockerfile(path: Path) -> list[Stage]:
    """Return the stages in order. Heredocs are not understood."""
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    stages: list[Stage] = []
    for line in re.sub(r"\\\n", "", text).splitlines():
        if not line.strip():
            continue
        name, _, rest = line.strip().partition(" ")
        flags = {}
        while flag := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            flags[flag[1]] = flag[2]
            rest = rest[flag.end() :]
        if name == "FROM":
            image, _, alias = rest.partition(" AS ")
            stages.append(Stage(image, alias or str(len(stages))))
        else:
            stages[-1].steps.append(Step(name, flags, rest.strip()))
    return stages


@dataclass(slots=True)
class Carried:
    """A stage that was carried out.

    Attributes:
        root: the folder that stands for `/`.
        variables: of ENV, with paths moved into `root`.
        folder: of WORKDIR.
    """

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    folder: Path = Path("/")

    def moved(self, text: str) -> str:
        """The text with our absolute paths inside `root`."""
        return _OWN.sub(f"{self.root}/", text)


def carry_out(stages: list[Stage], *, context: Path, scratch: Path) -> dict[str, Carried]:
    """Carry out every COPY, ENV, WORKDIR and RUN.

    Args:
        stages: of `read_dockerfile`.
        context: the repository.
        scratch: an empty folder.

    Raises:
        subprocess.CalledProcessError: a RUN failed.
    """
    done: dict[str, Carried] = {}
    for number, stage in enumerate(stages):
        carried = Carried(scratch / str(number))
        (carried.root / "tmp").mkdir(parents=True)
        carried.folder = carried.root
        for step in stage.steps:
            if step.name == "COPY":
                source = step.flags.get("from")
                _copy(step, carried, done[source].root if source else context)
            elif step.name == "WORKDIR":
                carried.folder = Path(carried.moved(step.value))
                carried.folder.mkdir(parents=True, exist_ok=True)
            elif step.name == "ENV":
                pairs = (word.partition("=") for word in shlex.split(step.value))
                carried.variables |= {name: carried.moved(value) for name, _, value in pairs}
            elif step.name == "RUN":
                _run(step, carried)
        done[stage.name] = carried
    return done


def clean_variables(home: Path) -> dict[str, str]:
    """An environment that knows nothing of ours: where the package index is, and no more."""
    of_pip = {name: value for name, value in os.environ.items() if _OF_PIP.match(name)}
    # Stands for the base image's python, which brings pip.
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return {**of_pip, "HOME": str(home), "PATH": path}


def _copy(step: Step, carried: Carried, source_root: Path) -> None:
    *sources, target = step.words
    for source in sources:
        found = source_root / source.lstrip("/")
        place = Path(carried.moved(target))
        if target.endswith("/"):
            place /= found.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            # Bytecode of the working tree stays out by .dockerignore; that of a stage comes along.
            ignored = () if step.flags.get("from") else ("__pycache__", "*.pyc")
            shutil.copytree(
                found, place, symlinks=True, ignore=shutil.ignore_patterns(*ignored),
                dirs_exist_ok=True,
            )  # fmt: skip
        else:
            shutil.copy2(found, place)


def _run(step: Step, carried: Carried) -> None:
    environment = {**clean_variables(carried.root / "tmp"), **carried.variables}
    subprocess.run(
        ["/bin/sh", "-ec", carried.moved(step.value)],
        cwd=carried.folder,
        env=environment,
        check=True,
        timeout=240,
    )
