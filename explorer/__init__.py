"""The shell of the explorer: lessons, settings, components and the server."""
