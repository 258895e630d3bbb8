"""What was installed is loaded once; Python keeps what it has compiled.

Else the first start would do that, or, where tests run beside each other, each of them.
"""

from pathlib import Path

from explorer.launch.children import Children
from explorer.launch.environment import Environment, variables


def load_once(root: Path, environment: Environment, children: Children) -> None:
    """Load the packages of an environment; whatever goes wrong, a start will say it.

    Args:
        root: The project.
        environment: The environment into which they were installed.
        children: Runs the process.
    """
    print("explorer: loading what was installed for the first time", flush=True)
    command = [environment.python, "-m", "explorer.launch.first_load"]
    children.run(command, cwd=root, env=variables(), watch=lambda line: None, quiet=True)
