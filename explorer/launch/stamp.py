"""The note in an environment of what was installed there."""

import hashlib
import json
import os
from pathlib import Path

_FILES = {
    "run": ("requirements.txt", "constraints.txt"),
    "test": ("requirements.txt", "requirements-test.txt", "constraints.txt"),
}


class Stamp:
    """Remembers which requirement files an environment was installed from.

    It is removed before an installation starts and written when one has succeeded, so an
    interrupted installation leaves none.
    """

    def __init__(self, root: Path, folder: Path, version: str) -> None:
        """Look at an environment.

        Args:
            root: The project, with its requirement files.
            folder: The environment.
            version: The version of the environment's Python.
        """
        self._root = root
        self._path = folder / "explorer-stamp.json"
        self._version = version

    def fits(self, purpose: str) -> bool:
        """Tell whether nothing has to be installed.

        Args:
            purpose: "run" or "test".

        Returns:
            True if the last installation for it succeeded and the files are the same since.
        """
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
            return bool(noted[purpose] == self._digest(purpose))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def remove(self) -> None:
        """Note that the environment is not complete."""
        self._path.unlink(missing_ok=True)

    def write(self, *purposes: str) -> None:
        """Note that the environment is complete.

        Args:
            purposes: What for: "run", "test" or both.
        """
        text = json.dumps({purpose: self._digest(purpose) for purpose in purposes})
        draft = self._path.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self._path)

    def _digest(self, purpose: str) -> str:
        """Condense the requirement files and the Python version."""
        digest = hashlib.sha256(self._version.encode())
        for name in _FILES[purpose]:
            digest.update(b"\0" + name.encode() + b"\0" + (self._root / name).read_bytes())
        return digest.hexdigest()
