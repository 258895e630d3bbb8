"""The files that components are made of, under an address that changes with them.

A browser keeps such a file for good and never asks for it again. After an update of the explorer
every address is a new one, so no module meets a neighbour of another day; modules name their
neighbours without a folder and get them from the same version. A page fetches all of them as one.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path, PurePath

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from explorer.components.linking import linked

ADDRESS = "/explorer-code"
WHOLE = "explorer.js"  # all of them, linked
STATIC = Path(__file__).resolve().parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # A page that was opened before an update, and asks for one more file.


@cache
def version() -> str:
    """Return a short fingerprint of every file and of how they are linked: none is ever stale."""
    return hashlib.sha256(packed_whole()[0]).hexdigest()[:10]


@cache
def packed_whole() -> tuple[bytes, bytes]:
    """Return all modules and style sheets as one module: as it is, and compressed by gzip."""
    source = linked(STATIC.iterdir()).encode()
    return source, gzip.compress(source, mtime=0)


def whole(asked: Headers) -> Response:
    """Return the answer to a request for all modules.

    Args:
        asked: What the browser says; compressed if it takes that.
    """
    plain, small = packed_whole()
    takes = "gzip" in asked.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if takes else {})
    return Response(small if takes else plain, headers=headers, media_type="text/javascript")


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
        if rest == [WHOLE]:
            answer = whole(Headers(scope=scope))
        else:
            answer = await super().get_response(str(PurePath(*rest)), scope)
        answer.headers["Cache-Control"] = FOR_GOOD if asked == version() else ASK_AGAIN
        return answer


def route() -> Mount:
    """Return the route of the files."""
    return Mount(ADDRESS, app=Versioned(directory=STATIC))
