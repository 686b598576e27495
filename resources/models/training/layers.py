"""What the three models share. Shapes: B texts, T tokens, H heads, d = width of a head."""
import math

import torch
from torch import nn


class Attention(nn.Module):
    """pattern = softmax(q k' / sqrt(d)), z = pattern v; rows are queries.

    `pattern` (B x H x T x T) is kept after a pass where `keep` is set. `silent` heads give z = 0 (ablation); `silent_rows`
    (B x T, true where silenced) narrows that to some queries.
    """

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.keep, self.pattern, self.silent, self.silent_rows = False, None, (), None

    def split(self, x):
        return x.unflatten(-1, (self.heads, x.shape[-1] // self.heads)).transpose(1, 2)

    def forward(self, x, memory=None, allowed=None, dropout=0.0):
        """allowed: broadcastable to B x H x T x T, true where a query may look."""
        memory = x if memory is None else memory
        q, k, v = self.split(self.q(x)), self.split(self.k(memory)), self.split(self.v(memory))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        if allowed is not None:
            scores = scores.masked_fill(~allowed, -torch.inf)
        pattern = torch.softmax(scores, -1)
        if self.keep:
            self.pattern = pattern
        z = nn.functional.dropout(pattern, dropout, self.training).to(v.dtype) @ v
        if self.silent:
            z = z.clone()
            for head in self.silent:
                if self.silent_rows is None:
                    z[:, head] = 0
                else:
                    z[:, head] = z[:, head].masked_fill(self.silent_rows[..., None], 0)
        return self.o(z.transpose(1, 2).flatten(-2))


def start_weights(module, spread=0.02):
    for name, parameter in module.named_parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, 0, spread)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)


def waves(rows, width, size=0.03, base=200.0):
    """Sines and cosines to start learned positions from: a head that looks a fixed step aside is then near at hand."""
    angles = torch.arange(rows)[:, None] * base ** (-torch.arange(0, width, 2) / width)[None, :]
    return size * torch.cat([torch.sin(angles), torch.cos(angles)], 1)


def names_of(prefix, parts):
    """parts: published name -> Linear, LayerNorm or Embedding."""
    out = {}
    for name, part in parts.items():
        out[f"{prefix}{name}.weight"] = part.weight
        if getattr(part, "bias", None) is not None:
            out[f"{prefix}{name}.bias"] = part.bias
    return out


def load_published(model, tensors):
    """The reverse of model.published()."""
    with torch.no_grad():
        for name, parameter in model.published().items():
            value = torch.from_numpy(tensors[name])
            parameter.copy_(value.T if name in model.transposed() else value)


def to_publish(model):
    """name -> array as the published layout has it."""
    flipped = model.transposed()
    out = {}
    for name, parameter in model.published().items():
        value = parameter.detach().float()
        out[name] = (value.T if name in flipped else value).contiguous().numpy()
    return out
