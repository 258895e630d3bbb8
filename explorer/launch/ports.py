"""The address that the server listens on."""

import errno
import socket
import sys
from collections.abc import Iterator

from explorer.launch.errors import LaunchError

_TRIES = 50


def free_port(host: str, wanted: int) -> int:
    """Find a port to listen on.

    Args:
        host: The address to listen on.
        wanted: The first port to try; 0 lets the system choose.

    Returns:
        That port, or the next one that is free.

    Raises:
        LaunchError: The address is not this machine's, or no port can be had.
    """
    for port in _candidates(wanted):
        try:
            return _bind(host, port)
        except PermissionError as error:
            if sys.platform == "win32":
                continue
            raise LaunchError(
                f"port {port} needs an administrator: choose one above 1023 with --port"
            ) from error
        except (socket.gaierror, OverflowError, UnicodeError) as error:
            raise LaunchError(_not_ours(host)) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise LaunchError(_not_ours(host)) from error
    raise LaunchError(f"no port from {wanted} on is free: choose another with --port")


def visible(host: str) -> str:
    """Return the address at which this machine itself reaches a server.

    Args:
        host: The address that the server listens on.

    Returns:
        The same, or the machine's own where the server listens on all.
    """
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def url(host: str, port: int) -> str:
    """Write an address for the browser.

    Args:
        host: The host.
        port: The port.

    Returns:
        The address.
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def outward_address() -> str | None:
    """Return this machine's address in its network, if it is in one; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None


def _candidates(wanted: int) -> Iterator[int]:
    """List the ports to try."""
    return iter([0] if wanted == 0 else range(wanted, min(wanted + _TRIES, 65536)))


def _bind(host: str, port: int) -> int:
    """Take a port for a moment and return it."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)
        return int(probe.getsockname()[1])


def _not_ours(host: str) -> str:
    """Say that an address is not this machine's."""
    return f"this machine has no address {host}: choose 127.0.0.1 or 0.0.0.0 with --host"
