"""A backbone as Python source that needs PyTorch and torchvision only."""

from __future__ import annotations

import ast
import inspect

from core.syntax_trees import module_of
from core.transfer import built_in
from core.transfer.backbone_info import BUILT_IN, BackboneInfo, architecture_of

# What takes the place of the classifier, so that the model gives its features.
_CUT = {
    "mobilenet_v3_small": "model.classifier = nn.Identity()",
    "squeezenet1_1": "model.classifier = nn.AdaptiveAvgPool2d(1)",
    "shufflenet_v2_x1_0": "model.fc = nn.Identity()",
    "efficientnet_b0": "model.classifier = nn.Identity()",
    "resnet18": "model.fc = nn.Identity()",
    "resnet50": "model.fc = nn.Identity()",
    "convnext_tiny": "model.classifier[2] = nn.Identity()",
    "vit_b_16": "model.heads = nn.Identity()",
}
_TOKENS = '''
class Tokens(models.VisionTransformer):
    """ViT whose features are the mean over the patches, without the class token."""

    def forward(self, x):
        x = self._process_input(x)
        first = self.class_token.expand(len(x), -1, -1)
        return self.encoder(torch.cat([first, x], 1))[:, 1:].mean(1)


'''
_BUILT_IN = '''
class BuiltIn(nn.Module):
    """The explorer's own network."""

    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleDict(dict(built_in_blocks()))

    def forward(self, images):
        """Features (B, D) of pictures (B, 3, S, S)."""
        seen = []
        for stage in self.stages.values():
            images = stage(images)
            seen.append(images)
        return spread(seen[-3:]).mean((2, 3))


'''


def source_imports(info: BackboneInfo) -> str:
    """The import lines that `network_source` needs, PyTorch itself apart."""
    if architecture_of(info) == BUILT_IN:
        return "from collections.abc import Sequence\n"
    return "from torchvision import models\n"


def network_source(info: BackboneInfo) -> str:
    """Lines that make `model`: pictures (B, 3, S, S) to features (B, D), without weights.

    Its weights have the names of `core.transfer.export_weights.plain_weights`.
    """
    name = architecture_of(info)
    if name == BUILT_IN:
        return f"{_body()}\n{_BUILT_IN}model = BuiltIn()\n"
    made = f"model = models.{name}(weights=None)\n"
    extra = ""
    if name == "vit_b_16":
        extra = _TOKENS
        made += "model.__class__ = Tokens\n"
    return f"{extra}{made}{_CUT[name]}\n"


def _body() -> str:
    """The source of the built-in network without its docstring and imports."""
    source = inspect.getsource(built_in)
    imports = (ast.Import, ast.ImportFrom)
    last = max(node.end_lineno or 0 for node in module_of(source).body if isinstance(node, imports))
    return "\n".join(source.splitlines()[last:]).strip("\n") + "\n\n"
