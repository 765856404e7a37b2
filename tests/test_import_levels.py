"""Who may import whom: every import of the package is read, lazy ones included."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = "sentiment"

# From the ground up. A module imports from lower levels; within a level only as listed below.
LEVELS: tuple[frozenset[str], ...] = tuple(
    frozenset(level.split())
    for level in (
        "labels errors files",
        "comments config delimited sections settings textclean",
        "analysis corpora youtube store rollout preparation models checkpoints",
        "train trained training_rows resuming teach tracking inference release.bundle",
        (
            "evaluation release serving stream benchmark comparison scoring corrections drift "
            "retraining"
        ),
        "cli service rehearsal",
    )
)
# Part -> modules of its own level that it may import; a name stands for all below it.
SIDEWAYS: dict[str, tuple[str, ...]] = {
    "files": ("errors",),
    "config": ("sections",),
    "youtube": ("corpora.synthetic",),
    "store": ("youtube.quota", "rollout"),
    "preparation": ("corpora",),
    "models": ("corpora.goemotions",),
    "train": ("resuming", "tracking", "trained", "training_rows"),
    "resuming": ("tracking",),
    "teach": ("training_rows",),
    "inference": ("release.bundle",),
    "release": ("evaluation", "drift"),
    "drift": ("evaluation",),
    "stream": ("serving", "drift.alarm"),
    "benchmark": ("stream",),
    "comparison": ("evaluation",),
    "retraining": ("corrections", "drift", "evaluation", "release"),
    "cli": ("rehearsal",),
    "rehearsal": ("cli.exit_codes",),
}

TRAINING_LIBRARIES = frozenset(
    "torch transformers datasets accelerate mlflow dvc pandas pandera sklearn scipy onnx "
    "onnxscript evaluate matplotlib plotly datasketch pyarrow safetensors textblob "
    "vaderSentiment lightgbm".split()
)
# What the service runs: it imports no training library, not even inside a function.
SERVICE_SIDE = (
    *("analysis", "inference", "rollout", "serving", "store", "stream", "youtube"),
    *("service", "release.bundle"),
    *("labels", "errors", "files", "comments", "config", "delimited", "sections"),
    *("settings", "textclean"),
    *("corpora.synthetic", "corpora.synthetic_phrases", "corpora.synthetic_style"),
    "corpora.slang_phrases",
    *("corpora.corpus", "corpora.split"),
)
# Not at the top of a module: `sentiment --help` and the serving environment load these.
QUICK_TO_LOAD = (*SERVICE_SIDE, "cli", "corpora", "benchmark.service", "release.publication")

ADAPTERS: dict[str, frozenset[str]] = {
    "googleapiclient": frozenset({"youtube.data_api"}),
    "httplib2": frozenset({"youtube.data_api", "youtube.transport"}),
    "mlflow": frozenset({"tracking", "release.registry", "release.registry_artifacts"}),
    "bentoml": frozenset({"service", "release.bento_store"}),
    "onnxruntime": frozenset({"inference.engine", "release.onnx"}),
    "py3langid": frozenset({"inference.language"}),
    "h11": frozenset({"serving.connection"}),
    "limits": frozenset({"serving.rates"}),
    "prometheus_client": frozenset({"serving.metrics", "drift.metrics", "stream.metrics"}),
    "pythonjsonlogger": frozenset({"serving.logs"}),
    "pandera": frozenset({"preparation.contract"}),
    "datasketch": frozenset({"preparation.duplicates"}),
    "sqlalchemy": frozenset({"tracking"})
    | frozenset(
        f"store.{module}"
        for module in (
            *("tables", "database", "failures", "migrate"),
            *("migrations.versions.r0001_initial", "migrations.versions.r0002_rollouts"),
            *("comments", "predictions", "feedback", "quota", "retention", "rollouts", "windows"),
            *("messages", "streamed", "watches", "migrations.versions.r0003_stream"),
            "result_titles",
            "migrations.versions.r0004_shown_models",
            "migrations.versions.r0005_untold_alerts",
            "migrations.versions.r0006_generations",
            "migrations.versions.r0008_looked_up",
            "migrations.versions.r0009_voted_texts",
            "migrations.versions.r0010_called_at",
        )
    ),
    "alembic": frozenset(
        f"store.{module}"
        for module in (
            *("migrate", "migrations.versions.r0001_initial"),
            "migrations.versions.r0002_rollouts",
            "migrations.versions.r0003_stream",
            "migrations.versions.r0004_shown_models",
            "migrations.versions.r0005_untold_alerts",
            "migrations.versions.r0006_generations",
            "migrations.versions.r0007_results_without_titles",
            "migrations.versions.r0008_looked_up",
            "migrations.versions.r0009_voted_texts",
            "migrations.versions.r0010_called_at",
        )
    ),
    "psycopg": frozenset(),
    "dvc": frozenset(),
    "boto3": frozenset({"drift.sns", "stream.sqs"}),
    "botocore": frozenset({"stream.sqs"}),
    "dask": frozenset({"scoring.cluster"}),
    "distributed": frozenset({"scoring.cluster"}),
    "fsspec": frozenset({"scoring.folder", "scoring.inputs"}),
}


@dataclass(frozen=True)
class Import:
    """One import statement's target.

    Attributes:
        importer: the module that imports, without the package's name.
        target: dotted name of what is imported.
        line: where.
        is_lazy: whether it stands inside a function.
    """

    importer: str
    target: str
    line: int
    is_lazy: bool

    @property
    def library(self) -> str:
        """The top-level name of the target."""
        return self.target.split(".")[0]

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def read_imports(source: str, importer: str) -> Iterator[Import]:
    """Yield every import of a source, those inside functions and conditions included."""
    tree = ast.parse(source)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    lazy = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, functions)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        # `from sentiment.release import bundle` imports a module; other names are harmless.
        prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        if isinstance(node, ast.ImportFrom) and node.level:
            raise ValueError(f"{importer}:{node.lineno} is a relative import")
        for alias in node.names:
            yield Import(importer, prefix + alias.name, node.lineno, id(node) in lazy)


def modules() -> dict[str, Path]:
    """Return every module's file by its name without the package, and `service`."""
    found = {"service": REPOSITORY / "service.py"}
    for path in sorted((REPOSITORY / PACKAGE).rglob("*.py")):
        parts = list(path.relative_to(REPOSITORY / PACKAGE).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        found[".".join(parts)] = path
    return found


def all_imports() -> list[Import]:
    return [
        found
        for name, path in modules().items()
        for found in read_imports(path.read_text(encoding="utf-8"), name)
    ]


def is_below(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def part_of(module: str) -> str:
    """Return the part of `LEVELS` that a module belongs to, the most exact one."""
    parts = [part for level in LEVELS for part in level if is_below(module, part)]
    if not parts:
        raise ValueError(f"{module} stands in no level: add it to LEVELS")
    return max(parts, key=len)


def level_of(module: str) -> int:
    part = part_of(module)
    return next(number for number, level in enumerate(LEVELS) if part in level)


def level_breach(found: Import) -> str | None:
    """Tell what is wrong with an import within the package; None when nothing is."""
    target = found.target.removeprefix(f"{PACKAGE}.")
    # The package itself holds its version alone, and importing that is no matter of levels.
    if found.library != PACKAGE or not found.importer or target == "__version__":
        return None
    importer_level, target_level = level_of(found.importer), level_of(target)
    if target_level < importer_level or part_of(found.importer) == part_of(target):
        return None
    allowed = SIDEWAYS.get(part_of(found.importer), ())
    if target_level == importer_level and any(is_below(target, part) for part in allowed):
        return None
    return f"{found} (level {importer_level} from level {target_level})"


def library_breaches(imports: list[Import], parts: tuple[str, ...], *, lazy: bool) -> list[str]:
    """Return the imports of training libraries in some parts; lazy ones where these count."""
    return [
        str(found)
        for found in imports
        if found.library in TRAINING_LIBRARIES
        and any(is_below(found.importer, part) for part in parts)
        and (lazy or not found.is_lazy)
        and not _is_for_types_alone(found)
    ]


def _is_for_types_alone(found: Import) -> bool:
    """Tell whether an import stands under `if TYPE_CHECKING:`."""
    tree = ast.parse(modules()[found.importer].read_text(encoding="utf-8"))
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return any(block.lineno < found.line <= (block.end_lineno or 0) for block in blocks)


def test_every_module_stands_in_a_level() -> None:
    for module in modules():
        if module:
            assert part_of(module)


def test_imports_go_down_the_levels() -> None:
    breaches = [breach for found in all_imports() if (breach := level_breach(found))]
    assert breaches == []


def test_every_sideways_permission_is_used() -> None:
    used = {
        (part_of(found.importer), allowed)
        for found in all_imports()
        if found.library == PACKAGE and found.importer
        for allowed in SIDEWAYS.get(part_of(found.importer), ())
        if is_below(found.target.removeprefix(f"{PACKAGE}."), allowed)
    }
    assert used == {(part, allowed) for part, names in SIDEWAYS.items() for allowed in names}


def test_service_side_imports_no_training_library() -> None:
    assert library_breaches(all_imports(), SERVICE_SIDE, lazy=True) == []


def test_quick_modules_import_training_libraries_inside_functions_only() -> None:
    assert library_breaches(all_imports(), QUICK_TO_LOAD, lazy=False) == []


@pytest.mark.parametrize("library", ADAPTERS)
def test_a_foreign_library_has_its_adapters(library: str) -> None:
    importers = {found.importer for found in all_imports() if found.library == library}
    assert importers == ADAPTERS[library]


@pytest.mark.parametrize(
    ("importer", "source", "breaks"),
    [
        ("textclean", "from sentiment.corpora import split", True),
        ("labels", "import sentiment.comments", True),
        ("youtube.replay", "from sentiment.corpora.synthetic import generate", False),
        ("youtube.replay", "from sentiment.corpora.reddit import REDDIT", True),
        ("inference.engine", "def f():\n    from sentiment.train import train", True),
        ("inference.engine", "from sentiment.release.bundle import load_bundle", False),
        ("inference.engine", "from sentiment.release.onnx import export", True),
        ("evaluation.gate", "from sentiment.release.registry import x", True),
        ("release.publication", "from sentiment.evaluation.gate import x", False),
        ("serving.wire", "from sentiment.cli.main import app", True),
        ("cli.main", "from sentiment import __version__", False),
        ("cli.main", "from sentiment.train import train", False),
    ],
)
def test_the_check_finds_breaches(importer: str, source: str, breaks: bool) -> None:
    (found,) = read_imports(source, importer)
    assert (level_breach(found) is not None) == breaks


def test_the_check_sees_lazy_imports() -> None:
    source = "import json\ndef f():\n    import torch\n    if 1:\n        from pandas import io\n"
    found = {(item.library, item.is_lazy) for item in read_imports(source, "inference.x")}
    assert found == {("json", False), ("torch", True), ("pandas", True)}


def loaded_libraries(program: str) -> set[str]:
    """Run a program in a fresh interpreter and return the training libraries it loaded."""
    ending = f"; import sys; print(*(set(sys.modules) & {set(TRAINING_LIBRARIES)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program + ending],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_loading_the_command_line_loads_no_training_library() -> None:
    assert loaded_libraries("import sentiment.cli.main") == set()


def test_loading_the_service_side_loads_no_training_library() -> None:
    names = [
        f"{PACKAGE}.{module}"
        for module in modules()
        if any(is_below(module, part) for part in SERVICE_SIDE) and module != "service"
    ]
    assert len(names) > 30
    assert loaded_libraries("import " + ", ".join(names)) == set()


def test_loaded_libraries_are_seen() -> None:
    assert loaded_libraries("import pyarrow") >= {"pyarrow"}
