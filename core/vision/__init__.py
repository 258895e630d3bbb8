"""Networks for pictures: described by text, checked layer by layer, built and placed."""
