"""Weights in a file, read without running anything that somebody wrote into it."""

from __future__ import annotations

import io
import json
import pickletools
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors
from torch import Tensor

from core.errors import InputError
from core.images.class_folder import ENTRY

Weights = dict[str, Tensor]
LARGEST = 500_000_000  # bytes; the largest of the list, ViT-B/16, has 346 million
MOST_TENSORS = 10_000  # the deepest of the list has some hundreds
_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "weights", "ema", "averaged")
_PREFIXES = ("module.", "model.", "backbone.", "net.")
MAX_PROGRAM = 50_000_000  # bytes of the pickle that names the tensors
_PICKLES = 5  # the old format has some before the one that matters
_ZIP = b"PK\x03\x04"
_HOW = "Save only the numbers: torch.save(model.state_dict(), path), or safetensors."


def read_weights(data: bytes | Path, name: str = "") -> Weights:
    """The tensors in a file of weights.

    Understood are safetensors and what `torch.save` makes of a `state_dict`, also within a
    checkpoint under a usual name, and with a usual word before every key.

    Args:
        data: The file, or where it lies.
        name: What it is called in messages; a path says it itself.

    Returns:
        Tensors on the CPU by their names, floating ones as float32.

    Raises:
        InputError: Too large, damaged, another format, with Python objects, or without a number
            in some place.
    """
    name = (name or (data.name if isinstance(data, Path) else "The file"))[:60]
    try:
        size = data.stat().st_size if isinstance(data, Path) else len(data)
        if size > LARGEST:
            raise InputError(
                f"{name} has {size / 1e6:,.0f} MB; weights may have {LARGEST / 1e6:,.0f} MB."
            )
        content = data.read_bytes() if isinstance(data, Path) else data
    except FileNotFoundError:
        raise InputError(f"{name} is missing.") from None
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror or error}).") from error
    found = _safetensors(content, name) if is_safetensors(content) else _torch(content, name)
    weights = _without_prefix(_unwrapped(found, name))
    return {key: _checked(key, value, name) for key, value in weights.items()}


def is_safetensors(content: bytes) -> bool:
    """Whether a file begins as safetensors does: the length of a header, then JSON."""
    length = int.from_bytes(content[:8], "little")
    return len(content) > 8 and content[8:9] == b"{" and length <= len(content) - 8


def header(path: Path) -> dict[str, str]:
    """What a safetensors file says about itself; empty if it says nothing.

    Raises:
        InputError: Missing or damaged.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            about = json.loads(file.read(min(length, LARGEST))).get("__metadata__", {})
    except FileNotFoundError:
        raise InputError(f"{path.name} is missing.") from None
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path.name} is damaged.") from error
    return {str(key): str(value) for key, value in about.items()}


def _check_count(content: bytes, mark: bytes, name: str) -> None:
    """Refuse what names too many tensors, before the list of names is taken apart."""
    if (count := content.count(mark)) > MOST_TENSORS:
        raise InputError(
            f"{name} has about {count:,} tensors; {MOST_TENSORS:,} is the limit for weights."
        )


def _safetensors(content: bytes, name: str) -> Mapping[str, object]:
    _check_count(content[: 8 + int.from_bytes(content[:8], "little")], b'"data_offsets"', name)
    try:
        return load_safetensors(content)
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise InputError(f"{name} is damaged: its safetensors header does not fit.") from error


def _torch(content: bytes, name: str) -> Mapping[str, object]:
    """Whatever `torch.save` wrote, as long as it is made of tensors."""
    if content[:4] == _ZIP:
        _check_zip(content, name)
    elif content[:1] != b"\x80":
        raise InputError(
            f"{name} holds no weights that are known here: give safetensors, or what torch.save "
            "made of a state_dict."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # a hostile or broken file makes it raise almost anything
        raise _refused(content, name) from error
    if not isinstance(found, Mapping):
        raise InputError(f"{name} holds a {type(found).__name__}, not a state_dict. {_HOW}")
    return found


def _check_zip(content: bytes, name: str) -> None:
    _check_count(content, ENTRY, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            whole = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError(f"{name} is damaged or not complete.") from error
    if whole > LARGEST:
        raise InputError(f"{name} unpacks to {whole / 1e6:,.0f} MB, more than weights may have.")


def _refused(content: bytes, name: str) -> InputError:
    """Why torch did not want it: objects of Python, or damage."""
    if objects := _objects(content):
        return InputError(
            f"{name} holds Python objects besides numbers ({objects}), which could run any code "
            f"when opened, and was not opened. {_HOW}"
        )
    return InputError(f"{name} is damaged or not complete.")


def _objects(content: bytes) -> str:
    """The first thing that a pickle would import and torch does not know, without opening it."""
    stream, texts = io.BytesIO(_program(content)), list[str]()
    try:
        for _ in range(_PICKLES):
            for code, argument, _ in pickletools.genops(stream):
                module = str(argument).replace(" ", ".")
                if code.name == "STACK_GLOBAL":
                    module = ".".join(texts[-2:])
                if code.name in ("GLOBAL", "STACK_GLOBAL") and not _known(module):
                    return module[:60]
                if isinstance(argument, str):
                    texts.append(argument)
    except Exception:  # the end, or no pickle at all: a broken one makes it raise almost anything
        return ""
    return ""


def _program(content: bytes) -> bytes:
    """The pickle within a file of torch; empty if it cannot be taken out."""
    if content[:4] != _ZIP:
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inner = [one for one in archive.infolist() if one.filename.endswith("data.pkl")]
            return archive.read(inner[0]) if inner and inner[0].file_size < MAX_PROGRAM else b""
    except Exception:  # the archive is damaged
        return b""


def _known(module: str) -> bool:
    return module == "collections.OrderedDict" or module.startswith(
        ("torch._utils.", "torch.storage.", "torch.FloatStorage", "torch.HalfStorage")
    )


def _unwrapped(found: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The state_dict within a checkpoint."""
    for key in _WRAPPERS:
        inner = found.get(key)
        if isinstance(inner, Mapping) and any(isinstance(v, Tensor) for v in inner.values()):
            return inner
    if not any(isinstance(value, Tensor) for value in found.values()):
        raise InputError(f"{name} holds no tensors. {_HOW}")
    return found


def _without_prefix(weights: Mapping[str, object]) -> Mapping[str, object]:
    for prefix in _PREFIXES:
        if all(str(key).startswith(prefix) for key in weights):
            return {str(key).removeprefix(prefix): value for key, value in weights.items()}
    return weights


def _checked(key: object, value: object, name: str) -> Tensor:
    if not isinstance(key, str) or not isinstance(value, Tensor):
        raise InputError(f"{name} holds “{str(key)[:40]}”, which is no tensor. {_HOW}")
    if value.layout != torch.strided or value.is_quantized:
        raise InputError(f"{name} holds “{key[:40]}” in a sparse or quantised form. {_HOW}")
    if not value.is_floating_point():
        return value.detach()
    whole = value.detach().float()
    if not bool(torch.isfinite(whole).all()):
        raise InputError(f"{name} has “{key[:40]}” with values that are not finite numbers.")
    return whole
