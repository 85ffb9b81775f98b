"""The project's step in building a wheel: catalogues compiled, and the folders beside the package put into it."""
import gzip
from pathlib import Path
from typing import Any

from babel.messages.frontend import CommandLineInterface
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("templates", "static", "migrations")  # in a checkout beside the package, in a wheel inside it


def is_stale(small: Path) -> bool:
    """Whether a .gz holds something else than the file beside it."""
    source = small.with_suffix("")
    return not source.is_file() or gzip.decompress(small.read_bytes()) != source.read_bytes()


class WheelHook(BuildHookInterface):
    """Completes the wheel, or refuses in one sentence to build one that could not run."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues and add the folders; an editable install finds both where they lie."""
        root = Path(self.root)
        self.compile_catalogues(root / "ideathon/translations")
        if version == "editable":
            return
        if not any(root.glob("static/vendor/*")):
            self.app.abort("static/vendor is empty: run ./go setup first, so that the wheel holds what its pages load.")
        if any(map(is_stale, root.glob("static/**/*.gz"))):
            self.app.abort("static/ has changed since its files were compressed: run ./go setup first.")
        for folder in FOLDERS:
            if not (root / folder).is_dir():
                self.app.abort(f"The folder {folder}/ is missing: build from a whole checkout.")
            build_data["force_include"][str(root / folder)] = f"ideathon/{folder}"

    def compile_catalogues(self, folder: Path) -> None:
        """Make a .mo beside every .po; a catalogue with a mistake stops the build."""
        if not any(folder.glob("*/LC_MESSAGES/*.po")):
            return
        if CommandLineInterface().run(["pybabel", "compile", "-d", str(folder)]):
            self.app.abort("The catalogues could not be compiled; what to mend in them is above.")
