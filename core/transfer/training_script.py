"""train.py: the new head of the page as PyTorch, beside the project file and the weights."""

from __future__ import annotations

import json

from core.transfer.backbones import BUILT_IN
from core.transfer.collection import Collection
from core.transfer.export_facts import facts_of
from core.transfer.export_script import WEIGHTS_FILE
from core.transfer.folds import Plan
from core.transfer.head import WEIGHT_DECAY
from core.transfer.network_source import network_source, source_imports
from core.transfer.predictor import Predictor
from core.transfer.project import sample_folders

PROJECT_FILE = "project.zip"
_HEAD = '''"""The new head of the transfer-learning page: what it learns, and how good it is.

Put {project} and {weights} of the page beside this file ("Take it with you"), then

    python train.py

Needs numpy, pillow, safetensors and torch{vision}.
"""

{first}import io
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn
{last}
torch.set_num_threads(1)
HERE = Path(__file__).resolve().parent
'''
_REST = '''

def square(picture):
    """The middle of a picture, scaled to SIDE x SIDE without aliasing."""
    width, height = picture.size
    cut = min(height, width) * SIDE / SHORTER
    left, top = (width - cut) / 2, (height - cut) / 2
    box = (left, top, left + cut, top + cut)
    return np.array(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box))


def fit(features, targets):
    """Softmax regression on standardised features: weights with the smallest loss."""
    mean, std = features.mean(0), features.std(0, correction=0)
    std = torch.where(std > 1e-6 * std.max(), std, 1.0)
    rows = ((features - mean) / std).double()
    weight = torch.zeros(len(CLASSES), rows.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(CLASSES), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=500, history_size=20, tolerance_grad=1e-9,
        line_search_fn="strong_wolfe",
    )

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(F.linear(rows, weight, bias), targets)
        (loss + WEIGHT_DECAY / 2 * weight.square().sum()).backward()
        return (loss + WEIGHT_DECAY / 2 * weight.square().sum()).detach()

    optimizer.step(closure)
    weight, bias = weight.detach().float(), bias.detach().float()
    return lambda new: F.linear((new - mean) / std, weight, bias)


pictures, labels = [], []
with zipfile.ZipFile(HERE / "project.zip") as archive:
    for label, folder in enumerate(FOLDERS):
        names = sorted(n for n in archive.namelist() if n.startswith(f"samples/{folder}/"))
        for name in names:
            image = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
            pictures.append(square(image))
            labels.append(label)
targets = torch.tensor(labels)

with torch.inference_mode():
    pixels = torch.from_numpy(np.stack(pictures))
    images = ((pixels - MEAN) / STD).permute(0, 3, 1, 2)  # (N, 3, SIDE, SIDE)
    features = torch.cat([model(some) for some in images.split(64)])  # (N, D)
features = features.clone()

head = fit(features, targets)
loss = F.cross_entropy(head(features), targets)
print(f"training loss {loss.item():.4f} on {len(targets)} pictures")

right = judged = 0
for held in HELD:  # each picture is judged by a head that has not seen it
    kept = torch.ones(len(targets), dtype=torch.bool)
    kept[held] = False
    said = fit(features[kept], targets[kept])(features[held]).argmax(1)
    right += (said == targets[held]).sum().item()
    judged += len(held)
if judged:
    print(f"accuracy {right / judged:.4f}: {right} of {judged}, each held back once")
'''


def training_script(predictor: Predictor, collection: Collection, plan: Plan, seed: int) -> str:
    """The source of train.py.

    It needs the project file and the weights of the page. It prints the training loss and the
    accuracy that the page shows: same pictures, same features, same parts held back.

    Args:
        predictor: The head's backbone and classes count.
        collection: The pictures; its active classes are those of the predictor.
        plan: Which pictures are held back.
        seed: Where the plan comes from, for the comment.
    """
    info, facts = predictor.backbone.info, facts_of(predictor)
    own = source_imports(info)
    first = own if own.startswith("from collections") else ""
    every = dict(
        zip((one.id for one in collection.labels), sample_folders(collection), strict=True)
    )
    folders = [every[label.id] for label in collection.active]
    parts = ",\n".join(f"    {held.tolist()}" for held in plan.held)
    held = f"[\n{parts},\n]" if plan.held else "[]"
    head = _HEAD.format(
        project=PROJECT_FILE,
        weights=WEIGHTS_FILE,
        vision="" if info.name == BUILT_IN else " and torchvision",
        first=first,
        last="" if first else own,
    )
    return (
        f"{head}CLASSES = {json.dumps(facts['classes'], ensure_ascii=False)}\n"
        f"FOLDERS = {json.dumps(folders, ensure_ascii=False)}\n"
        f"WEIGHT_DECAY = {WEIGHT_DECAY!r}\n"
        f"HELD = {held}  # dealt out with seed {seed}\n"
        f"SIDE, SHORTER = {info.side}, {info.shorter}\n"
        f"MEAN = torch.tensor({facts['mean']}) * 255\n"
        f"STD = torch.tensor({facts['std']}) * 255\n\n"
        f"{network_source(info)}"
        f'weights = load_file(HERE / "{WEIGHTS_FILE}")\n'
        'cut = len("network.")\n'
        'named = {k[cut:]: v for k, v in weights.items() if k.startswith("network.")}\n'
        "model.load_state_dict(named)\n"
        "model.eval()\n"
        f"{_REST}"
    )
