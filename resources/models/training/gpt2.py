"""A decoder in GPT-2's layout (Radford et al. 2019): norm before each part, learned positions, tied head.

ReLU in place of GELU: a quarter of the time on a processor, and no worse at this size."""
import torch
from torch import nn

import layers


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = layers.Attention(width, heads)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, allowed, dropout):
        drop = nn.functional.dropout
        x = x + drop(self.attention(self.norm1(x), allowed=allowed, dropout=dropout), dropout, self.training)
        return x + drop(self.down(torch.relu(self.up(self.norm2(x)))), dropout, self.training)


class Gpt2(nn.Module):
    def __init__(self, config, dropout=0.0):
        super().__init__()
        self.config, self.dropout = config, dropout
        width = config["n_embd"]
        self.tokens = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["n_positions"], width)
        self.blocks = nn.ModuleList(Block(width, config["n_head"]) for _ in range(config["n_layer"]))
        self.norm = nn.LayerNorm(width)
        layers.start_weights(self)

    def attentions(self):
        return [block.attention for block in self.blocks]

    def hidden(self, ids):
        """B x T -> B x T x width, after the last norm."""
        length = ids.shape[1]
        x = self.tokens(ids) + self.positions.weight[:length]
        allowed = torch.ones(length, length, dtype=torch.bool).tril()
        for block in self.blocks:
            x = block(x, allowed, self.dropout)
        return self.norm(x)

    def forward(self, ids):
        """Logits of the token after each."""
        return self.hidden(ids) @ self.tokens.weight.T

    def published(self):
        out = {"wte.weight": self.tokens.weight, "wpe.weight": self.positions.weight}
        out.update(layers.names_of("", {"ln_f": self.norm}))
        for i, block in enumerate(self.blocks):
            out.update(layers.names_of(f"h.{i}.", {
                "ln_1": block.norm1, "ln_2": block.norm2, "attn.c_proj": block.attention.o,
                "mlp.c_fc": block.up, "mlp.c_proj": block.down}))
            for part in "qkv":
                linear = getattr(block.attention, part)
                out[f"h.{i}.attn.{part}.weight"], out[f"h.{i}.attn.{part}.bias"] = linear.weight, linear.bias
        return out

    def transposed(self):
        return {name for name in self.published() if name.endswith(".weight") and (".c_" in name or ".attn." in name)}

    @staticmethod
    def join(tensors):
        """q, k and v side by side, as c_attn."""
        import numpy as np
        out = {}
        for name, value in tensors.items():
            if ".attn.q." in name:
                parts = [tensors[name.replace(".attn.q.", f".attn.{part}.")] for part in "qkv"]
                out[name.replace(".attn.q.", ".attn.c_attn.")] = np.concatenate(parts, -1)
            elif ".attn.k." not in name and ".attn.v." not in name:
                out[name] = value
        return out

    @staticmethod
    def part(tensors):
        """The reverse of join."""
        import numpy as np
        out = {}
        for name, value in tensors.items():
            if ".c_attn." in name:
                for part, piece in zip("qkv", np.split(value, 3, -1)):
                    out[name.replace(".c_attn.", f".{part}.")] = np.ascontiguousarray(piece)
            else:
                out[name] = value
        return out


def config(vocabulary, width, layers_, heads, context):
    return {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": width, "n_layer": layers_,
            "n_head": heads, "n_positions": context, "n_inner": None, "vocab_size": vocabulary,
            "activation_function": "relu", "layer_norm_epsilon": 1e-5, "tie_word_embeddings": True,
            "bos_token_id": 0, "eos_token_id": 0}
