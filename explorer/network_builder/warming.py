"""What the first visitor of the builder should not wait for."""

from explorer.network_builder.lesson import NetworkBuilder


def prepare() -> None:
    """Make an optimizer: the first of a process makes torch import its compiler."""
    NetworkBuilder({})
