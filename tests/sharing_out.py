"""Which tests stay together where pytest-xdist runs them beside each other.

Browser tests keep a server and a Chromium waiting, the others keep a core busy: so half of the
workers (one of two) take the files that share a server, and the others begin with the rest. Who
has finished helps.
"""

import zlib

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
# These start servers of their own, which they kill or cut off.
OWN_SERVER = ("test_training_faults.py", "test_faults_survived.py", "test_faults_killed.py")


def file_of(nodeid):
    return nodeid.partition("::")[0].replace("\\", "/")


def shares_a_server(nodeid):
    """Whether a test uses the server of all browser tests."""
    path = file_of(nodeid)
    return path.startswith(BROWSER) and path.rpartition("/")[2] not in OWN_SERVER


class ByServer(LoadScopeScheduling):
    """Hands out whole files, those that share a server to as few workers as can be."""

    def _split_scope(self, nodeid):
        path = file_of(nodeid)
        if not shares_a_server(path):
            return path
        return f"server {zlib.crc32(path.encode()) % max(1, self.numnodes // 2)}"
