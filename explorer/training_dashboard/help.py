"""One sentence of explanation for every part of the page."""

STAGE = (
    "Cross-entropy: the solid line is each stretch of training as it happened, with dropout on; "
    "the rings are the validation set after every epoch.",
    "The share of pictures that were read right. The axis may start above 0; then it says so.",
    "Draw with the pointer, or with arrow keys and Space. The picture is brought to the form of "
    "the training pictures before the network sees it.",
)
CARDS = {
    "heat": "Rows are the true classes, columns what was read. Click a cell to see its pictures.",
    "pictures": "Pictures of the validation set that were read wrongly, the surest mistakes first.",
    "runs": "Every run that this browser has started. Tick some to compare them on the curves.",
    "classes": "The share of right answers in each class, with its 95 % interval by Wilson.",
    "filters": "What the first layer looks for, and what each layer makes of one picture. Drag "
    "the slider to go back through the epochs.",
    "editor": "One row for each layer, with the shape behind it and what it costs.",
    "speed": "The same run for a short while on each device, then with each size of batch: real "
    "updates in a process of their own, timed here and now.",
    "data": "Which pictures the next run learns from. Public sets come on a click; your own stay "
    "on this server.",
    "test": "Pictures that no run has learnt from and no setting was chosen by.",
    "take": "Every file is read back and compared with the run before you get it.",
}
