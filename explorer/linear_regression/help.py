"""One sentence of explanation for every part of the page."""

STAGE = {
    "data": "Drag a point, an end of the line or its middle. Click an empty place to add a "
    "point; double-click one, or press Delete, to remove it.",
    "surface": "Every place is one line: slope m across, intercept b up, and the colour is its "
    "loss. Drag the dot, or click to put it somewhere.",
    "path": "The steps taken so far. Drag to go back; the next step continues from there.",
    "rate": "λ says how far a step goes along the negative gradient. Red mark: from there on "
    "full-batch steps overshoot farther each time.",
}
CARDS = {
    "formulas": "The same formulas twice: with letters, and with the numbers of this moment.",
    "table": "Each row is a point: its prediction ŷ, the residual ŷ − y, and what it adds to the "
    "loss before averaging. Click x or y to change it.",
    "curve": "The loss over all points after every step. Dotted: the smallest loss any line has.",
}
