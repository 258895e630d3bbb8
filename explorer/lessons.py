"""The registry of lessons: what there is, in which order, and what is built."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One page of the explorer as the navigation and the home page show it.

    Attributes:
        slug: File name in ``pages/`` and path in the address.
        title: The page's name, in sentence case.
        aim: One sentence: what a person does there.
        section: The heading under which it stands.
        built: False shows it as coming, without a link.
        outcome: What one can do afterwards, behind "Afterwards you can"; empty while it is coming.
    """

    slug: str
    title: str
    aim: str
    section: str
    built: bool = False
    outcome: str = ""


LEARN = "How a model learns"
NETWORK = "From neuron to network"
IMAGES = "Images"
SEQUENCES = "Sequences and generation"
PRACTICE = "In practice"
REFERENCE = "Reference"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "linear_regression",
        "Linear regression",
        "Find the line with the smallest squares. Drag a point, the line or the dot: "
        "the other picture follows.",
        LEARN,
        built=True,
        outcome="say why a step overshoots, and find the largest learning rate that does not.",
    ),
    Lesson(
        "optimizers",
        "Optimizers",
        "Race SGD, momentum, RMSprop and Adam down the same slope.",
        LEARN,
    ),
    Lesson(
        "loss_functions",
        "Loss functions",
        "Drag a probability and see what a confident mistake costs.",
        LEARN,
    ),
    Lesson(
        "activations",
        "Activation functions",
        "Build an activation function and see what a neuron does with it.",
        NETWORK,
        built=True,
        outcome="explain why a network needs a bend, and why deep stacks of sigmoids stop "
        "learning.",
    ),
    Lesson(
        "network_builder",
        "Network builder",
        "Add units and layers, press play, and read in every unit what it has learnt.",
        NETWORK,
        built=True,
        outcome="read a learning curve and say whether a network needs more units, more "
        "points or a smaller rate.",
    ),
    Lesson(
        "backpropagation",
        "Backpropagation",
        "Step one example forward and its error back, with the numbers in the formulas.",
        NETWORK,
    ),
    Lesson(
        "overfitting",
        "Overfitting",
        "Give a model too much freedom, then take it back.",
        NETWORK,
    ),
    Lesson(
        "training_dashboard",
        "Training dashboard",
        "Train a real network on real pictures, watch it learn, and let it read your digit.",
        IMAGES,
        built=True,
        outcome="train a network that reads handwriting, and tell understanding from "
        "learning by heart.",
    ),
    Lesson(
        "convolutions",
        "Convolutions",
        "Slide a kernel over a picture and open the layers of a network.",
        IMAGES,
    ),
    Lesson(
        "augmentation",
        "Augmentation",
        "Turn one picture into sixteen and see whether it helps.",
        IMAGES,
        built=True,
        outcome="choose changes that help a network and leave every label true.",
    ),
    Lesson(
        "transfer_learning",
        "Transfer learning",
        "Teach a trained network your own classes from a few pictures.",
        IMAGES,
        built=True,
        outcome="build a classifier for things of your own, and say how far to trust it.",
    ),
    Lesson(
        "sequences",
        "Recurrent networks",
        "Let a network write text, one letter at a time.",
        SEQUENCES,
    ),
    Lesson(
        "attention",
        "Attention",
        "See which words a word looks at.",
        SEQUENCES,
    ),
    Lesson(
        "generative",
        "Generative models",
        "Squeeze pictures into two numbers, and draw new ones from noise.",
        SEQUENCES,
    ),
    Lesson(
        "practical_skills",
        "Practical skills",
        "Run the debugging checklist on a model that is broken on purpose.",
        PRACTICE,
    ),
    Lesson(
        "deployment",
        "Deployment",
        "Make a model smaller and faster, and see what it costs.",
        PRACTICE,
    ),
    Lesson(
        "responsible_ai",
        "Responsible AI",
        "Move a threshold and see who is harmed.",
        PRACTICE,
    ),
    Lesson(
        "glossary",
        "Glossary",
        "Every term in one sentence.",
        REFERENCE,
    ),
)

BY_SLUG = {lesson.slug: lesson for lesson in LESSONS}


def sections() -> dict[str, list[Lesson]]:
    """Return the lessons under their headings, both in the order of the course."""
    grouped: dict[str, list[Lesson]] = {}
    for lesson in LESSONS:
        grouped.setdefault(lesson.section, []).append(lesson)
    return grouped
