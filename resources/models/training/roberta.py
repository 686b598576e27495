"""An encoder in RoBERTa's layout (Liu et al. 2019): norm after each part, learned positions from pad + 1 on, tied head.

ReLU between the two MLP layers (a quarter of GELU's time), GELU in the head, as the layout has it.
"""
import torch
from torch import nn

import layers

PAD = 1


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)
        self.attention = layers.Attention(width, heads)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, allowed, dropout):
        drop = nn.functional.dropout
        x = self.norm1(x + drop(self.attention(x, allowed=allowed, dropout=dropout), dropout, self.training))
        return self.norm2(x + drop(self.down(torch.relu(self.up(x))), dropout, self.training))


class Roberta(nn.Module):
    def __init__(self, config, dropout=0.0):
        super().__init__()
        self.config, self.dropout = config, dropout
        width = config["hidden_size"]
        self.tokens = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["max_position_embeddings"], width)
        self.types = nn.Embedding(1, width)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.blocks = nn.ModuleList(
            Block(width, config["num_attention_heads"]) for _ in range(config["num_hidden_layers"]))
        self.transform, self.head_norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-5)
        self.head_bias = nn.Parameter(torch.zeros(config["vocab_size"]))
        layers.start_weights(self)
        with torch.no_grad():
            self.positions.weight.copy_(layers.waves(*self.positions.weight.shape))

    def attentions(self):
        return [block.attention for block in self.blocks]

    def hidden(self, ids):
        """B x T -> B x T x width. Padding gets its own position and is not looked at."""
        real = ids != PAD
        places = torch.where(real, real.cumsum(1) + PAD, torch.full_like(ids, PAD))
        x = self.norm(self.tokens(ids) + self.positions(places) + self.types.weight[0])
        for block in self.blocks:
            x = block(x, real[:, None, None, :], self.dropout)
        return x

    def head(self, hidden):
        """... x width -> ... x vocabulary."""
        return self.head_norm(nn.functional.gelu(self.transform(hidden)).float()) @ self.tokens.weight.T + self.head_bias

    def forward(self, ids):
        return self.head(self.hidden(ids))

    def published(self):
        p = "roberta.embeddings."
        out = {p + "word_embeddings.weight": self.tokens.weight, p + "position_embeddings.weight": self.positions.weight,
               p + "token_type_embeddings.weight": self.types.weight}
        out.update(layers.names_of(p, {"LayerNorm": self.norm}))
        for i, block in enumerate(self.blocks):
            a = block.attention
            out.update(layers.names_of(f"roberta.encoder.layer.{i}.", {
                "attention.self.query": a.q, "attention.self.key": a.k, "attention.self.value": a.v,
                "attention.output.dense": a.o, "attention.output.LayerNorm": block.norm1,
                "intermediate.dense": block.up, "output.dense": block.down, "output.LayerNorm": block.norm2}))
        out.update(layers.names_of("lm_head.", {"dense": self.transform, "layer_norm": self.head_norm}))
        out["lm_head.bias"] = self.head_bias
        return out

    def transposed(self):
        return set()


def config(vocabulary, width, layers_, heads, context):
    return {"model_type": "roberta", "architectures": ["RobertaForMaskedLM"], "hidden_size": width,
            "num_hidden_layers": layers_, "num_attention_heads": heads, "intermediate_size": 4 * width,
            "vocab_size": vocabulary, "max_position_embeddings": context + PAD + 1, "type_vocab_size": 1,
            "layer_norm_eps": 1e-5, "hidden_act": "relu", "bos_token_id": 0, "pad_token_id": PAD, "eos_token_id": 2,
            "tie_word_embeddings": True}
