"""Start the explorer (`python3 -m explorer`) or its tests (`python3 -m explorer test`).

An old Python 3 has to parse this file before it can be told that it is too old: no f-string,
no subscripted type outside quotes, and nothing else is imported before the version is known.
"""

import sys

OLDEST = (3, 11)


def complaint(version: "tuple[int, ...]") -> str:
    """Say in one line why a Python cannot be used, or nothing if it can.

    Args:
        version: The first numbers of the Python's version.

    Returns:
        The line for the person who started it, or an empty string.
    """
    if tuple(version) >= OLDEST:
        return ""
    found = ".".join(str(number) for number in version)
    needed = ".".join(str(number) for number in OLDEST)
    return (
        "explorer: this is Python " + found + ", and " + needed + " or newer is needed: "
        "install a newer Python and start with it, for example python3.12 -m explorer"
    )


if __name__ == "__main__":
    too_old = complaint(sys.version_info[:2])
    if too_old:
        sys.exit(too_old)
    from explorer.launch import main

    sys.exit(main(sys.argv[1:]))
