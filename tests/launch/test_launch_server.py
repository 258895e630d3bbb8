"""The server as a child: port, address, browser, and its end."""

import json
import os
import signal
import socket
import sys
import time

import pytest

from explorer.launch.errors import LaunchError
from explorer.launch.ports import free_port, url, visible

posix = pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
READY = "(Ctrl-C ends it)"


def note(project):
    return json.loads((project.root / "note.json").read_text(encoding="utf-8"))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An orphan that its new parent has not reaped yet is dead as well.
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not os.path.isdir("/proc/self")


def gone(pids, seconds=2.0):
    limit = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < limit:
        time.sleep(0.02)
    return not any(alive(pid) for pid in pids)


@posix
@pytest.mark.parametrize(("signum", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_everything(project, signum, status):
    launched = project.start("--current-env", "--no-browser", "--port", "0")
    launched.wait_for(READY)
    pids = note(project)["pids"]
    assert all(alive(pid) for pid in pids)
    assert launched.end(signum) == status
    assert gone(pids)
    assert "Traceback" not in launched.text()
    assert launched.text().endswith("explorer: ended.\n")


@posix
def test_a_second_ctrl_c_ends_a_server_that_does_not_want_to(project):
    launched = project.start("--current-env", "--no-browser", "--port", "0", STUB_MODE="stubborn")
    launched.wait_for(READY)
    launched.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert launched.process.poll() is None
    assert launched.end() == 130
    assert gone(note(project)["pids"])
    assert "Traceback" not in launched.text()


def test_a_server_that_ends_by_itself_is_named_with_its_status(project):
    status, text = project.run("--current-env", "--port", "0", STUB_MODE="dies")
    assert status == 7
    assert "ended by itself before its first page was ready (status 7)" in text


@posix
def test_a_port_in_use_gives_the_next_one_and_says_so(project):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        launched = project.start("--current-env", "--no-browser", "--port", str(port))
        launched.wait_for(READY)
    chosen = note(project)["port"]
    assert chosen > port
    assert f"port {port} is in use, taking {chosen}" in launched.text()
    assert f"ready at http://127.0.0.1:{chosen} " in launched.text()
    launched.end()


@posix
def test_the_server_gets_the_folders_and_the_project_as_its_directory(project, tmp_path):
    (tmp_path / "sets").mkdir()
    launched = project.start(
        *("--current-env", "--no-browser", "--port", "0"),
        *("--data-dir", "sets", "--runs-dir", "runs"),
        cwd=tmp_path,
    )
    launched.wait_for(READY)
    found = note(project)
    assert found["EXPLORER_DATA_DIR"] == str(tmp_path / "sets")
    assert found["EXPLORER_RUNS_DIR"] == str(tmp_path / "runs")
    assert os.path.samefile(found["cwd"], project.root)
    launched.end()


@posix
def test_folders_from_the_environment_become_absolute(project, tmp_path):
    launched = project.start(
        *("--current-env", "--no-browser", "--port", "0"),
        cwd=tmp_path,
        EXPLORER_DATA_DIR="sets",
    )
    launched.wait_for(READY)
    assert note(project)["EXPLORER_DATA_DIR"] == str(tmp_path / "sets")
    assert note(project)["EXPLORER_RUNS_DIR"] is None
    launched.end()


@posix
@pytest.mark.parametrize("wanted", [True, False])
def test_the_browser_gets_the_address_unless_it_is_not_wanted(project, wanted):
    opened = project.root / "opened"
    script = project.root / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n', encoding="utf-8")
    script.chmod(0o755)
    words = [] if wanted else ["--no-browser"]
    launched = project.start("--current-env", "--port", "0", *words, BROWSER=f"{script} %s")
    launched.wait_for(READY)
    limit = time.monotonic() + (3 if wanted else 0.3)
    while not (opened.exists() and opened.read_text()) and time.monotonic() < limit:
        time.sleep(0.02)
    assert opened.exists() is wanted
    if wanted:
        assert opened.read_text().strip() == f"http://127.0.0.1:{note(project)['port']}"
    launched.end()


@posix
def test_missing_packages_are_reported_not_installed(project):
    (project.root / "requirements.txt").write_text("no-such-package-here==1\n")
    status, text = project.run("--current-env", "--port", "0")
    assert status == 1
    assert text.startswith('explorer: this Python lacks "no-such-package-here==1": run ')
    assert not (project.root / ".venv").exists()


@pytest.mark.parametrize("host", ["192.0.2.77", "no.such.host.invalid"])
def test_an_address_of_another_machine(host, monkeypatch):
    if host.endswith("invalid"):  # No look-up leaves the machine.

        def unknown(*words, **more):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(LaunchError, match="this machine has no address"):
        free_port(host, 8501)


def test_the_system_can_choose_the_port():
    assert 1023 < free_port("127.0.0.1", 0) < 65536


def test_addresses_for_the_browser():
    assert url(visible("0.0.0.0"), 80) == "http://127.0.0.1:80"
    assert url(visible("::"), 80) == "http://[::1]:80"
    assert url(visible("example"), 80) == "http://example:80"


def test_the_launcher_runs_no_signal_handler_of_its_own_afterwards(children):
    children.__exit__(None, None, None)
    assert signal.getsignal(signal.SIGINT) is not children._note
    children.__enter__()
    assert children.run([sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"]) == 3
