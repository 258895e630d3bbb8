"""predict.py: a script that answers for pictures, beside the exported model and by itself."""

from __future__ import annotations

import json
from typing import Literal

from core.transfer.backbone_info import BUILT_IN, architecture_of
from core.transfer.export_facts import NONE, facts_of
from core.transfer.network_source import network_source, source_imports
from core.transfer.predictor import Predictor
from core.transfer.rejecting import NEIGHBOURS

WEIGHTS_FILE, ONNX_FILE = "model.safetensors", "model.onnx"
Kind = Literal["torch", "onnx"]

_HEAD = '''"""Says what is on pictures: {classes}.

    python predict.py picture.jpg another.png
    python predict.py --json picture.jpg

Made with the Deep Learning Explorer. Needs {needs}, and {file} beside it.
"""

'''
_READ = '''

def read(path):
    """The bytes of a picture, (H, W, 3): upright, and in red, green and blue."""
    with Image.open(path) as image:
        return np.array(ImageOps.exif_transpose(image).convert("RGB"))

'''
_SQUARE = '''
def square(picture):
    """The middle of a picture, scaled to SIDE x SIDE without aliasing."""
    height, width = picture.shape[:2]
    cut = min(height, width) * SIDE / SHORTER
    left, top = (width - cut) / 2, (height - cut) / 2
    box = (left, top, left + cut, top + cut)
    image = Image.fromarray(picture)
    return np.array(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box))


@torch.inference_mode()
def answer(picture):
    """The probability of every class, and the distance to the pictures learnt from."""
    pixels = torch.from_numpy(square(picture))[None]
    images = ((pixels - MEAN) / STD).permute(0, 3, 1, 2)  # (1, 3, SIDE, SIDE)
    features = model(images)  # (1, D)
    scores = F.linear(features, weights["weight"], weights["bias"])
    probabilities = (scores / TEMPERATURE).softmax(1)[0].tolist()
    if "known" not in weights:
        return probabilities, 0.0
    away = (weights["known"] - F.normalize(features)).square().sum(1).sqrt()
    nearest = away.topk(min({neighbours}, len(away)), largest=False).values
    return probabilities, nearest.mean().item()

'''
_ONNX = '''
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(HERE / "{file}", options)


def answer(picture):
    """The probability of every class, and the distance to the pictures learnt from."""
    probabilities, distance = session.run(None, {{"picture": picture}})
    return probabilities.tolist(), float(distance)

'''
_MAIN = '''
def main(paths, as_json):
    """Print what is on each picture; those that cannot be read are named."""
    for path in paths:
        try:
            probabilities, distance = answer(read(path))
        except OSError as error:
            print(f"{{path}}: cannot be read as a picture ({{error}})", file=sys.stderr)
            continue
        best = max(range(len(CLASSES)), key=probabilities.__getitem__)
        refused = distance > DISTANCE or probabilities[best] < CONFIDENCE
        said = "{none}" if refused else CLASSES[best]
        shares = dict(zip(CLASSES, probabilities))
        if as_json:
            values = {{"picture": path, "answer": said, "probabilities": shares}}
            print(json.dumps({{**values, "distance": distance}}, ensure_ascii=False))
        else:
            listed = ", ".join(f"{{name}} {{share:.1%}}" for name, share in shares.items())
            print(f"{{path}}: {{said}} ({{listed}})")


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--json"]
    if not given:
        sys.exit("Which picture? python predict.py picture.jpg")
    main(given, "--json" in sys.argv)
'''


def predict_script(predictor: Predictor, kind: Kind = "torch") -> str:
    """The source of predict.py.

    Args:
        predictor: What was exported.
        kind: "torch" uses `WEIGHTS_FILE` of `to_safetensors`; "onnx" uses `ONNX_FILE` of
            `to_onnx` and needs no PyTorch.

    Returns:
        Python source. With --json it prints one object a picture, its numbers as they are.
    """
    parts = [_head(predictor, kind), _constants(predictor), _READ]
    if kind == "torch":
        parts += [_network(predictor), _SQUARE.format(neighbours=NEIGHBOURS)]
    else:
        parts.append(_ONNX.format(file=ONNX_FILE))
    return "".join(parts) + _MAIN.format(none=NONE)


def _head(predictor: Predictor, kind: Kind) -> str:
    standard = "import json\nimport sys\n"
    if kind == "onnx":
        needs, file = "numpy, pillow and onnxruntime", ONNX_FILE
        standard = "import json\nimport os\nimport sys\n"
        others = (
            'os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime reports to nobody.\n'
            "import numpy as np\nimport onnxruntime\nfrom PIL import Image, ImageOps\n"
        )
    else:
        vision = architecture_of(predictor.backbone.info) != BUILT_IN
        needs = f"numpy, pillow, safetensors, torch{' and torchvision' if vision else ''}"
        file = WEIGHTS_FILE
        others = (
            "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"
            "from PIL import Image, ImageOps\nfrom safetensors.torch import load_file\n"
            "from torch import Tensor, nn\n"
        )
    own = source_imports(predictor.backbone.info) if kind == "torch" else ""
    first = own if own.startswith("from collections") else ""
    standard += f"{first}from pathlib import Path\n"
    last = own if not first else ""
    text = _HEAD.format(classes=_plain(", ".join(predictor.classes)), needs=needs, file=file)
    return f"{text}{standard}\n{others}{last}\nHERE = Path(__file__).resolve().parent\n"


def _constants(predictor: Predictor) -> str:
    facts = facts_of(predictor)
    limit = facts["distance"]
    never = 'float("inf")'
    lines = [
        f"CLASSES = {json.dumps(facts['classes'])}",
        f"DISTANCE = {never if limit is None else repr(limit)}"
        "  # farther from all pictures learnt from: none of these",
        f"CONFIDENCE = {facts['confidence']!r}  # less sure: none of these",
    ]
    return "\n".join(lines) + "\n"


def _network(predictor: Predictor) -> str:
    facts, info = facts_of(predictor), predictor.backbone.info
    return (
        f"\n{network_source(info)}"
        f'weights = load_file(HERE / "{WEIGHTS_FILE}")\n'
        'cut = len("network.")\n'
        'named = {k[cut:]: v for k, v in weights.items() if k.startswith("network.")}\n'
        "model.load_state_dict(named)\n"
        "model.eval()\n"
        f"TEMPERATURE = {facts['temperature']!r}\n"
        f"SIDE, SHORTER = {info.side}, {info.shorter}\n"
        f"MEAN = torch.tensor({facts['mean']}) * 255\n"
        f"STD = torch.tensor({facts['std']}) * 255\n\n"
    )


def _plain(text: str) -> str:
    """Text that ends no docstring."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())
