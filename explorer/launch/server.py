"""The server as a child of the launcher, from its start to its end."""

import http.client
import time
from pathlib import Path

from explorer.launch.arguments import Options
from explorer.launch.browser import open_browser
from explorer.launch.children import Children
from explorer.launch.environment import Environment, variables
from explorer.launch.errors import LaunchError
from explorer.launch.ports import free_port, outward_address, url, visible

_PATIENCE_SECONDS = 180.0


def serve(
    root: Path, environment: Environment, options: Options, children: Children, started: float
) -> int:
    """Run the server until it is ended.

    Args:
        root: The project.
        environment: The environment to run it in.
        options: What the command line asks for.
        children: Runs the process.
        started: When the launcher started, on the monotonic clock.

    Returns:
        The server's exit status; it has ended by itself.

    Raises:
        LaunchError: No port can be had, or the server does not answer.
    """
    port = free_port(options.host, options.port)
    if options.port not in (0, port):
        print(f"explorer: port {options.port} is in use, taking {port}", flush=True)
    command = [environment.python, "-m", "explorer.server"]
    command_line = [*command, "--host", options.host, "--port", str(port)]
    opening = _Opening(options, port, started)
    status = children.run(
        command_line, cwd=root, env=_variables(options), tick=opening.tick, gentle="SIGTERM"
    )
    when = "" if opening.done else " before its first page was ready"
    print(
        f"explorer: the server ended by itself{when} (status {status}); the reason is above",
        flush=True,
    )
    return status if status >= 0 else 128 - status


class _Opening:
    """What is left to do until the first page is open."""

    def __init__(self, options: Options, port: int, started: float) -> None:
        self.done = False
        self._options = options
        self._port = port
        self._started = started
        self._limit = time.monotonic() + _PATIENCE_SECONDS

    def tick(self) -> None:
        """Look whether the server answers; if it does for the first time, say so."""
        if self.done:
            return
        if answers(visible(self._options.host), self._port):
            self.done = True
            self._announce()
        elif time.monotonic() > self._limit:
            raise LaunchError(
                f"the server gave no answer in {_PATIENCE_SECONDS:.0f} s and was ended: "
                "start again, or see what it wrote above"
            )

    def _announce(self) -> None:
        """Print the address and open the browser."""
        address = url(visible(self._options.host), self._port)
        seconds = time.monotonic() - self._started
        others = ""
        if visible(self._options.host) != self._options.host:
            outward = outward_address()
            others = f", for others in this network {url(outward, self._port)}" if outward else ""
        print(
            f"explorer: ready at {address}{others} after {seconds:.1f} s (Ctrl-C ends it)",
            flush=True,
        )
        if self._options.browser:
            open_browser(address)


def answers(host: str, port: int) -> bool:
    """Tell whether a server is ready.

    Args:
        host: Its host.
        port: Its port.

    Returns:
        True if its health page says so.
    """
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _variables(options: Options) -> dict[str, str]:
    """Return the environment variables of the server."""
    env = variables()
    for name, path in (
        ("EXPLORER_DATA_DIR", options.data_dir),
        ("EXPLORER_RUNS_DIR", options.runs_dir),
    ):
        if path is not None:
            env[name] = str(path)
        elif env.get(name):
            env[name] = str(Path(env[name]).expanduser().absolute())
    return env
