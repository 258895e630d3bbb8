"""One sentence for each thing on the page that may need one."""

STAGE = (
    "Each class has pictures. Draw, upload or photograph more; drag a picture to another class; "
    "the network learns anew at once.",
    "The features of each picture, squeezed into two dimensions: what the network finds alike "
    "lies close together. The violet ring is the picture that is predicted.",
    "A picture that was not learnt from. The bars are calibrated: 80 % should be right in 8 of "
    "10 cases.",
)
STRICT = (
    "How many of your own pictures stay above the bar when they are held back. A higher share "
    "accepts more, of strangers too."
)
CARDS = {
    "heat": "Each picture was judged while it was held back. A cell opens its pictures.",
    "lines": "Loss, or the share of right answers, while the head or the shown run learns.",
    "pictures": "Pictures that were taken for another class while they were held back, the surest "
    "mistakes first.",
    "runs": "Every training is kept. Show one and it judges and predicts; compare their curves.",
    "backbones": "Networks trained on other pictures. The head learns from their features.",
    "reliability": "Of the answers given with a certain confidence, how many were right.",
    "take": "Every file is checked against the model on this page before you get it.",
    "formulas": "The numbers behind the bars on the right.",
    "classes": "How well each class is recognised when its pictures are held back.",
    "project": "Classes, pictures, settings and the head in one file, to go on later or elsewhere.",
}
