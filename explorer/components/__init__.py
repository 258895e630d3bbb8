"""Python's side of the components that the browser draws."""
