"""What the built-in backbone learns from, and how it learns."""
