"""One sentence of explanation for every part of the page."""

STAGE = {
    "network": "Each square is a unit and shows what it says at every place of the plane: blue "
    "for positive, orange for negative. Lines are weights: thicker is larger. Click a line or a "
    "unit to change its number.",
    "decision": "What the network answers at every place; the stronger the colour, the surer. "
    "Filled points are learnt from, hollow ones are only used to check.",
    "time": "Drag to look at the network as it was; press play to go on from there.",
    "speed": "How many epochs, batches or examples a second; turbo is as fast as this machine.",
}
CARDS = {
    "lines": "Mean loss, or share of right answers, after every epoch. Click to go back there.",
    "unit": "The weights and the bias of one unit. Click a number to change it.",
    "layers": "What each layer is in PyTorch, how many numbers it learns, and how long the "
    "gradient of the training loss is in it.",
    "confusion": "Rows are the true classes, columns what the network said.",
    "take": "Every file is read back and compared with the live network before you get it.",
    "scratch": "Every derivative written out by hand, beside PyTorch, which finds them itself.",
}
