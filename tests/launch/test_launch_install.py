"""What is installed when, and what is said when it fails."""

import errno
import os
import socket
import sys

import pytest

from explorer.launch import first_load, torch_build
from explorer.launch.damage import remove_damaged
from explorer.launch.environment import Environment, own
from explorer.launch.errors import LaunchError
from explorer.launch.install import diagnose
from explorer.launch.requirement import Requirement, demand, read

posix = pytest.mark.skipif(os.name == "nt", reason="the stub Python is a shell script")


def start_once(project):
    """Start the launcher with a server that ends at once."""
    return project.run("--no-browser", "--port", "0", STUB_MODE="dies")


@posix
def test_a_second_start_installs_nothing(project):
    project.environment()
    assert start_once(project)[0] == 7
    assert len(project.installations()) == 1
    line = project.installations()[0]
    assert "--requirement requirements.txt --constraint constraints.txt" in line
    assert "--disable-pip-version-check --no-compile" in line
    start_once(project)
    assert len(project.installations()) == 1
    ran = (project.root / ".venv" / "ran").read_text(encoding="utf-8")
    assert ran.split() == ["explorer.launch.first_load"]


def test_what_is_installed_is_loaded_once_and_what_is_not_is_passed_over(monkeypatch, tmp_path):
    (tmp_path / "just_installed.py").write_text("raise_no_error = True\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(first_load, "PARTS", (("not_there", "broken", "just_installed"),))
    first_load.main()
    assert "just_installed" in sys.modules


@posix
@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_a_changed_requirement_is_installed(project, name):
    project.environment()
    start_once(project)
    (project.root / name).write_text("# changed\n", encoding="utf-8")
    start_once(project)
    assert len(project.installations()) == 2


@posix
def test_a_failed_installation_is_completed_the_next_time(project):
    folder = project.environment()
    (folder / "pip-status").write_text("1")
    (folder / "pip-says").write_text("ERROR: [Errno 28] No space left on device\n")
    status, text = start_once(project)
    assert status == 1
    assert text.splitlines()[-1].startswith("explorer: the disk is full: free about")
    (folder / "pip-status").unlink()
    assert start_once(project)[0] == 7
    start_once(project)
    assert len(project.installations()) == 2


@posix
def test_a_package_left_half_written_is_forgotten_before_the_installation(project, package_writer):
    folder = project.environment()
    packages = next(folder.glob("lib/*/site-packages"))
    whole = package_writer(packages, "whole", {"whole.py": "a = 1\n"})
    half = package_writer(packages, "half", {"half.py": "a = 1\n", "half_2.py": "b = 2\n"})
    (packages / "half_2.py").unlink()
    _, text = start_once(project)
    assert "half-1.0.dist-info was left unfinished" in text
    assert whole.exists()
    assert not half.exists()


def test_what_makes_a_package_incomplete(tmp_path, package_writer):
    package_writer(tmp_path, "whole", {"whole.py": "a = 1\n", "empty.py": ""})
    package_writer(tmp_path, "cut", {"cut.py": "a = 1\n"})
    (tmp_path / "cut.py").write_text("a")
    (package_writer(tmp_path, "nameless", {"n.py": "a"}) / "INSTALLER").unlink()
    (package_writer(tmp_path, "unlisted", {"u.py": "a"}) / "RECORD").unlink()
    removed = [name.split("-")[0] for name in remove_damaged(tmp_path)]
    assert removed == ["cut", "nameless", "unlisted"]


@posix
def test_the_tests_have_a_stamp_of_their_own(project):
    project.environment()
    start_once(project)
    variables = {"EXPLORER_CHROMIUM": "/bin/true", "PYTHONDONTWRITEBYTECODE": "1"}
    project.run("test", "--version", **variables)
    assert "--requirement requirements-test.txt" in project.installations()[1]
    start_once(project)
    project.run("test", "--version", **variables)
    assert len(project.installations()) == 2


OFFLINE = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after \
connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object \
at 0x7f3c>: Failed to establish a new connection: [Errno -3] Temporary failure in name \
resolution')': /simple/streamlit/
ERROR: Could not find a version that satisfies the requirement streamlit<1.68,>=1.67 (from \
versions: none)
ERROR: No matching distribution found for streamlit<1.68,>=1.67
"""
NO_BUILD = """\
ERROR: Could not find a version that satisfies the requirement torch==2.14.1 (from versions: \
2.13.0+cpu)
ERROR: No matching distribution found for torch==2.14.1
"""
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
DENIED = "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'\n"
NO_BUILD_OF_PIN = (
    "ERROR: Cannot install torch==2.14.1 because these package versions have conflicts\n"
)
OTHER = "ERROR: Failed to build 'x' when getting requirements to build wheel\n"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (OFFLINE, "no network: the package index does not answer"),
        (NO_BUILD, "no build of torch==2.14.1 for Python 3.12"),
        (FULL, "the disk is full: free about"),
        (OFFLINE + FULL, "the disk is full: free about"),
        (DENIED, ".venv is yours"),
        (NO_BUILD_OF_PIN, "no build of torch==2.14.1 for Python 3.12"),
        (OTHER, "Failed to build 'x'"),
        ("/x/python: No module named pip\n", "has no pip: delete that folder"),
        ("pip ended with status -9", "status -9"),
    ],
)
def test_the_reason_of_a_failure_in_one_line(output, words):
    line = diagnose(output, "3.12")
    assert words in line
    assert "\n" not in line


def test_requirement_files_are_read_with_those_they_name(tmp_path):
    (tmp_path / "a.txt").write_text("# note\nOne>=1.2,<2  # why\nTwo==3.0; python_version>'3'\n")
    (tmp_path / "b.txt").write_text("-r a.txt\n\nthree\n")
    names = [str(need) for need in read(tmp_path / "b.txt")]
    assert names == ["One>=1.2,<2", "Two==3.0", "three"]


@pytest.mark.parametrize(
    ("bounds", "found", "met"),
    [
        ((("==", "2.14.1"),), "2.14.1+cpu", True),
        ((("==", "2.14.1"),), "2.13.0+cpu", False),
        (((">=", "1.67"), ("<", "1.68")), "1.67.0", True),
        (((">=", "1.67"), ("<", "1.68")), "1.68.0", False),
        (((">=", "9.2"),), "10.0", True),
        (((">=", "1.0.0"),), "1", True),
        ((), "0.1", True),
    ],
)
def test_which_versions_will_do(bounds, found, met):
    assert Requirement("x", bounds).met(found) is met


def test_packages_missing_from_the_current_environment_are_named(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("pytest>=1\nno-such-package-here>=2\nnumpy==0.1\n")
    with pytest.raises(LaunchError) as caught:
        demand(file)
    line = str(caught.value)
    assert '"no-such-package-here>=2" "numpy==0.1"' in line
    assert "pip install -r requirements.txt -c constraints.txt" in line
    assert "pytest" not in line


PINS = [Requirement("torch", (("==", "2.14.1"),)), Requirement("torchvision", (("==", "0.29.2"),))]


@pytest.fixture
def elsewhere(monkeypatch):
    """A Linux without NVIDIA driver whose CPU index is a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setattr(torch_build, "LINUX", True)
    monkeypatch.setattr(torch_build, "has_nvidia", lambda: False)
    monkeypatch.setattr(torch_build, "CPU_INDEX", f"http://127.0.0.1:{port}")


def test_an_index_that_does_not_answer_is_left_out_and_that_is_said(
    elsewhere, children, tmp_path, capsys
):
    environment = Environment(sys.executable, "3.12", tmp_path)
    assert not torch_build.prefer_cpu(PINS, environment, children, lambda *_: "called")
    assert "does not answer: taking the larger build with CUDA" in capsys.readouterr().out


@pytest.mark.parametrize("output", [None, "ERROR: no such file", FULL])
def test_the_cpu_index_is_asked_alone_and_with_little_patience(
    elsewhere, children, tmp_path, capsys, monkeypatch, output
):
    monkeypatch.setattr(torch_build, "reachable", lambda address: True)
    calls = []

    def pip(root, environment, words, children, settings):
        calls.append((words, settings))
        return output

    environment = Environment(sys.executable, "3.12", tmp_path)
    if output == FULL:
        with pytest.raises(LaunchError, match="disk is full"):
            torch_build.prefer_cpu(PINS, environment, children, pip)
    else:
        done = torch_build.prefer_cpu(PINS, environment, children, pip)
        assert done is (output is None)
        assert ("CPU index failed" in capsys.readouterr().out) is (output is not None)
    words, settings = calls[0]
    assert words[-2:] == ["torch==2.14.1", "torchvision==0.29.2"]
    assert {"--no-deps", "--retries", "--timeout"} <= set(words)
    assert settings["PIP_EXTRA_INDEX_URL"] == torch_build.CPU_INDEX
    assert settings["PIP_FIND_LINKS"]


def test_a_driver_or_another_system_means_the_ordinary_build(
    elsewhere, children, tmp_path, monkeypatch
):
    environment = Environment(sys.executable, "3.12", tmp_path)
    monkeypatch.setattr(torch_build, "reachable", lambda address: pytest.fail("asked"))
    monkeypatch.setattr(torch_build, "has_nvidia", lambda: True)
    assert not torch_build.prefer_cpu(PINS, environment, children, pytest.fail)
    monkeypatch.setattr(torch_build, "has_nvidia", lambda: False)
    monkeypatch.setattr(torch_build, "LINUX", False)
    assert not torch_build.prefer_cpu(PINS, environment, children, pytest.fail)


def test_an_environment_is_made_made_anew_and_then_kept(tmp_path, children, capsys):
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").touch()
    first = own(folder, children)
    assert "unfinished" in capsys.readouterr().out
    assert first.version == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert own(folder, children) == first
    assert capsys.readouterr().out == ""


@posix
@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "bin" / "python").unlink(),
        lambda folder: (folder / "pyvenv.cfg").write_text("version = 3.1.0\n"),
        lambda folder: next(folder.glob("lib/*/site-packages/pip/__init__.py")).unlink(),
    ],
    ids=["no python", "another python", "half a pip"],
)
def test_a_broken_environment_is_seen(project, children, monkeypatch, spoil):
    folder = project.environment()
    spoil(folder)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(LaunchError, match="could not be made"):
        own(folder, children)


def test_a_folder_that_is_something_else_is_left_alone(tmp_path, children):
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(LaunchError, match="move it away"):
        own(folder, children)
    assert (folder / "letter.txt").exists()


@posix
@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("because ensurepip is not available", "sudo apt install python3-venv"),
        ("/usr/bin/python3: No module named venv", "sudo apt install python3-venv"),
        ("Error: [Errno 28] No space left on device", "disk is full"),
    ],
)
def test_why_no_environment_can_be_made(tmp_path, children, monkeypatch, says, words):
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\necho '{says}'\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(LaunchError, match=words):
        own(tmp_path / ".venv", children)


def test_a_full_disk_while_writing_is_one_line(monkeypatch, capsys):
    import explorer.launch as launch

    def full(options, children):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(launch, "_prepare", full)
    assert launch.main([]) == 1
    assert capsys.readouterr().err.startswith("explorer: the disk is full: free")
