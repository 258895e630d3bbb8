"""The pipeline as a Python script that makes the same pictures, bit for bit."""

from __future__ import annotations

import base64
import hashlib
import io
import textwrap
from functools import lru_cache

import numpy as np
from PIL import Image
from torch import Tensor

from core.augmentation.call import Call
from core.augmentation.draws import Bytes, as_tensor, draw_seed
from core.augmentation.fitting import USUAL_SIZE, batch_call, fit
from core.augmentation.pipeline import Pipeline

_WIDTH = 88


def compose_code(pipeline: Pipeline, size: tuple[int, int], channels: int = 3) -> str:
    """The assignment ``transform = v2.Compose([…])``, one transform a line.

    Steps that are off do not appear; those that cannot act on pictures of this size are
    comments that say why.

    Args:
        pipeline: Steps in a possible order.
        size: Height and width of the pictures.
        channels: 1 for grey, 3 for colour.

    Raises:
        InputError: A step that cannot act where it is.
    """
    fitted = fit(pipeline, size, channels)
    by_place: dict[int, list[Call]] = {}
    for at, one in fitted.calls:
        by_place.setdefault(at, []).append(one)
    lines = ["transform = v2.Compose(", "    ["]
    for at, _ in pipeline.active:
        for one in by_place.get(at, []):
            lines += one.lines(8, _WIDTH)
        if at in fitted.notes:
            lines += textwrap.wrap(
                fitted.notes[at],
                _WIDTH,
                initial_indent="        # ",
                subsequent_indent="        # ",
            )
    if not by_place:
        lines.append("        v2.Identity(),")
    return "\n".join([*lines, "    ]", ")"]) + "\n"


def batch_code(pipeline: Pipeline, classes: int) -> str:
    """MixUp and CutMix as lines for the training loop; an empty text without them."""
    made = batch_call(pipeline, classes)
    if made is None:
        return ""
    return f"mix = {made.code()}\n# For each batch: images, labels = mix(images, labels)\n"


def script(
    pipeline: Pipeline,
    picture: Bytes | str,
    seed: int,
    draw: int = 0,
    size: tuple[int, int] | None = None,
    classes: int | None = None,
) -> str:
    """A script to run as it stands, with nothing but PyTorch, torchvision and Pillow installed.

    It prints the shape, the mean and the SHA-256 checksum of the result, which `checksum` gives
    for the tensor of `outcome`, and saves nothing.

    Args:
        pipeline: Steps in a possible order.
        picture: The picture itself, which is written into the script, or the path of a file.
        seed: As in `draws`.
        draw: The number of the draw that is made.
        size: Height and width of the picture if a path is given; None takes it for 512×512.
        classes: With a number, the lines for MixUp and CutMix are there too.

    Raises:
        InputError: A step that cannot act where it is, or an unusable picture.
    """
    if isinstance(picture, str):
        opening = f'picture = Image.open({picture!r}).convert("RGB")\n'
        imports, shape, channels = "import hashlib\n", size or USUAL_SIZE, 3
    else:
        channels, *sides = as_tensor(picture).shape
        shape = (sides[0], sides[1])
        opening, imports = _embedded(picture), "import base64\nimport hashlib\nimport io\n"
    return (
        f"{imports}\nimport torch\nfrom PIL import Image\n"
        "from torchvision.transforms import v2\n\n"
        f"{compose_code(pipeline, shape, channels)}"
        f"{batch_code(pipeline, classes) if classes else ''}\n"
        f"{opening}image = v2.functional.to_image(picture)\n\n"
        f"torch.manual_seed({draw_seed(seed, draw)})  # draw {draw} of seed {seed}\n"
        "result = transform(image)\n\n"
        'print("shape", tuple(result.shape))\n'
        'print("mean", result.double().mean().item())\n'
        'print("sha256", hashlib.sha256(result.contiguous().numpy().tobytes()).hexdigest())\n'
    )


def checksum(image: Tensor) -> str:
    """The SHA-256 of the bytes of a result, in order of channel, row and column."""
    return hashlib.sha256(image.as_subclass(Tensor).contiguous().numpy().tobytes()).hexdigest()


def _embedded(picture: Bytes) -> str:
    """The picture as PNG in letters and digits."""
    return _png_lines(picture.tobytes(), picture.shape)


@lru_cache(maxsize=16)  # The picture stays while the pipeline changes.
def _png_lines(data: bytes, shape: tuple[int, ...]) -> str:
    file = io.BytesIO()
    picture = Image.fromarray(np.frombuffer(data, np.uint8).reshape(shape))
    picture.save(file, format="PNG", optimize=True)
    letters = base64.b64encode(file.getvalue()).decode()
    rows = "\n".join(f'    "{letters[k : k + 76]}"' for k in range(0, len(letters), 76))
    return f"png = base64.b64decode(\n{rows}\n)\npicture = Image.open(io.BytesIO(png))\n"
