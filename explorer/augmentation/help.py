"""One sentence of explanation for every part of the page."""

STAGE = {
    "steps": "From top to bottom. Drag a handle, or focus it and press the arrow keys, to change "
    "the order; open a step to set what it does.",
    "draws": "Sixteen results for the same picture. Click one to see below how it came about.",
    "chain": "The chosen draw after each step. A step that chance passed over changes nothing.",
    "probability": "How often the step acts: 0 never, 1 on every picture.",
    "time": "One picture through all steps on one core of this machine, the median of several.",
    "seed": "The same seed gives the same sixteen pictures, for everyone.",
}
CARDS = {
    "histogram": "How many pixels of the chosen draw have each value, for red, green and blue.",
    "safety": "Steps whose result can belong to another class, with what is known about it.",
    "augment_race": "Real runs, in pairs: both of a pair share the split, the pictures and the "
    "first weights. Thin lines are single seeds, the thick one is their mean.",
    "mixed": "Four pictures as one batch, with the shares of their new labels.",
    "question": "Commit to an answer, then let the draws show what happens.",
    "doctor": "Looks at the pipeline and names the most important thing about it.",
}
