"""Where the service's own files are: in a clone of the repository, or in a built Bento."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import yaml

from sentiment.errors import ReleaseError, ServerStartError
from sentiment.release.bundle import manifest_digest
from sentiment.rollout.plan import Releases
from sentiment.settings import Settings

SERVICE_FILE = "service.py"
BENTO_FILE = "bento.yaml"
PLAN_LOOK_EVERY_S = 1.0
"""Between two looks at the plan of releases, where nothing else is configured."""
PANEL_FOLDER = Path("chrome_extension", "demo")

Looks = tuple[int, int, int] | None
"""Changes when a file does; None where it can't be seen."""


def service_root() -> Path:
    """Return the folder that holds `service.py`: the repository, or a built Bento.

    Raises:
        ServerStartError: it is neither beside the package nor in the current folder.
    """
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / SERVICE_FILE).is_file():
            return folder
    raise ServerStartError(
        f"Wanted {SERVICE_FILE} beside the package or in {Path.cwd()}; found neither.",
        hint="Run the command in a clone of the repository.",
    )


def model_folder(settings: Settings, *, root: Path) -> Path:
    """Return the bundle's folder: as configured, a relative one also under `root`.

    Args:
        settings: names the folder.
        root: folder of `service.py`; a built Bento is started from any other folder.
    """
    folder = settings.model_dir
    return folder if folder.is_absolute() or folder.exists() else root / folder


def releases_of(settings: Settings) -> Releases | None:
    """Return the folder of releases, wherever the process goes later; None where there is none."""
    return Releases(settings.releases_dir.absolute()) if settings.releases_dir else None


def released_folder(releases: Releases, digest: str) -> Path:
    """Return the folder of a release's bundle.

    Raises:
        ReleaseError: another bundle lies there.
    """
    folder = releases.bundle_folder(digest)
    found = manifest_digest(folder)
    # Where none lies, whoever loads it says so.
    if found not in {None, digest}:
        raise ReleaseError(
            f"Wanted the bundle with digest {digest} in {folder}, found one with digest {found}.",
            hint="Copy the bundle there anew with `sentiment release`.",
        )
    return folder


class Champion:
    """The bundle that a plan wants to answer.

    Args:
        releases: holds the plan; None: there are no releases.
    """

    def __init__(self, releases: Releases | None) -> None:
        self._releases = releases
        self._has_plan = False

    def folder(self) -> Path | None:
        """Return the bundle's folder; None as long as nothing was released.

        Raises:
            ReleaseError: the plan can't be read or was lost, or another bundle lies there.
        """
        plan = self._releases.read() if self._releases else None
        if self._releases is None or plan is None:
            if self._releases and self._has_plan:
                # Else a folder that is away for a moment would bring an older model back.
                raise ReleaseError(
                    f"{self._releases.plan_path} was lost.",
                    hint="Put the plan back, or write it anew with `sentiment release`.",
                )
            return None
        self._has_plan = True
        return released_folder(self._releases, plan.champion)


def recorded_model_tag(root: Path) -> str | None:
    """Return the tag of the stored model that a built Bento was built with.

    Args:
        root: folder of `service.py`; in a built Bento, its description lies one folder above.

    Returns:
        None in a clone of the repository, and in a Bento that holds its bundle as files.

    Raises:
        ServerStartError: the Bento's description can't be read.
    """
    path = root.parent / BENTO_FILE
    if not path.is_file():
        return None
    try:
        description = yaml.safe_load(path.read_text(encoding="utf-8"))
        models = [model for service in description["services"] for model in service["models"]]
        return str(models[0]["tag"]) if models else None
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError) as error:
        raise ServerStartError(
            f"Wanted the description of a Bento in {path}; it can't be read ({error}).",
            hint="Build the Bento again with `bentoml build`.",
        ) from error


def swagger_folder() -> Path:
    """Return the folder of Swagger UI that BentoML brings along.

    Found without importing BentoML, which only `service.py` may.
    """
    found = importlib.util.find_spec("bentoml")
    places = found.submodule_search_locations if found else None
    return Path(*(places or ["."])[:1], "_internal", "server", "static_content")


def looks_of(path: Path) -> Looks:
    """Return what changes when a file does."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns
