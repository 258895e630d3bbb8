"""Measurements of the explorer, each printing one JSON object as its last line."""
