"""One sentence of explanation for every part of the page."""

STAGE = (
    "Solid: the function f. Dashed: its slope f′, which is what backpropagation multiplies by. "
    "Drag the cursor to read both.",
    "The first chosen function at work. Take hold of the violet handles; the tabs show one "
    "neuron, two inputs, a sum of neurons, a stack of layers, a deep network, and softmax, which "
    "turns a whole vector of scores into probabilities.",
)
CARDS = {
    "formulas": "The formula of each function and of its slope, with the numbers at the cursor.",
    "doctor": "Watches the neuron or the network and names the most important thing about it.",
}
