"""The files that components are made of, under an address that changes with them.

A browser keeps such a file for good and never asks for it again. After an update of the explorer
every address is a new one, so no module meets a neighbour of another day; modules name their
neighbours without a folder and get them from the same version.
"""

import hashlib
from functools import cache
from pathlib import Path, PurePath

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ADDRESS = "/explorer-code"
STATIC = Path(__file__).resolve().parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # A page that was opened before an update, and asks for one more file.


@cache
def version() -> str:
    """Return a short fingerprint of every file, so that none is stale after an update."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


class Versioned(StaticFiles):
    """Serves the files of a folder below a folder that is named by their version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a file.

        Args:
            path: Its version and its name.
            scope: The request.

        Returns:
            The file, and how long a browser may keep it.

        Raises:
            HTTPException: There is no such file (404).
        """
        asked, *rest = PurePath(path).parts or ("",)
        answer = await super().get_response(str(PurePath(*rest)), scope)
        answer.headers["Cache-Control"] = FOR_GOOD if asked == version() else ASK_AGAIN
        return answer


def route() -> Mount:
    """Return the route of the files."""
    return Mount(ADDRESS, app=Versioned(directory=STATIC))
