"""The operating system, as plain values that a type checker does not decide beforehand."""

import sys

LINUX: bool = sys.platform.startswith("linux")
MACOS: bool = sys.platform == "darwin"
WINDOWS: bool = sys.platform == "win32"
