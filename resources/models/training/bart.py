"""An encoder-decoder in BART's layout (Lewis et al. 2020): norm after each part, learned positions from row 2 on, one table of
tokens for encoder, decoder and head. ReLU between the MLP layers."""
import torch
from torch import nn

import layers

PAD, END, OFFSET = 1, 2, 2


class Block(nn.Module):
    def __init__(self, width, heads, cross):
        super().__init__()
        self.own, self.own_norm = layers.Attention(width, heads), nn.LayerNorm(width)
        self.cross = layers.Attention(width, heads) if cross else None
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.up, self.down, self.norm = nn.Linear(width, 2 * width), nn.Linear(2 * width, width), nn.LayerNorm(width)

    def forward(self, x, allowed, memory=None, memory_allowed=None, dropout=0.0):
        drop = nn.functional.dropout
        x = self.own_norm(x + drop(self.own(x, allowed=allowed), dropout, self.training))
        if self.cross is not None:
            x = self.cross_norm(x + drop(self.cross(x, memory, memory_allowed), dropout, self.training))
        return self.norm(x + drop(self.down(torch.relu(self.up(x))), dropout, self.training))


class Half(nn.Module):
    def __init__(self, width, heads, number, rows, cross):
        super().__init__()
        self.positions, self.embedding_norm = nn.Embedding(rows, width), nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width, heads, cross) for _ in range(number))

    def start(self, embedded):
        return self.embedding_norm(embedded + self.positions.weight[OFFSET : OFFSET + embedded.shape[1]])


class Bart(nn.Module):
    def __init__(self, config, dropout=0.0):
        super().__init__()
        self.config, self.dropout = config, dropout
        width, rows = config["d_model"], config["max_position_embeddings"] + OFFSET
        self.tokens = nn.Embedding(config["vocab_size"], width)
        self.encoder = Half(width, config["encoder_attention_heads"], config["encoder_layers"], rows, False)
        self.decoder = Half(width, config["decoder_attention_heads"], config["decoder_layers"], rows, True)
        self.bias = nn.Parameter(torch.zeros(1, config["vocab_size"]))
        layers.start_weights(self)

    def encode(self, source):
        x, allowed = self.encoder.start(self.tokens(source)), (source != PAD)[:, None, None, :]
        for block in self.encoder.blocks:
            x = block(x, allowed, dropout=self.dropout)
        return x, allowed

    def decode(self, target, memory, memory_allowed):
        """target begins with the end token; logits of the token after each."""
        x, length = self.decoder.start(self.tokens(target)), target.shape[1]
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        for block in self.decoder.blocks:
            x = block(x, causal, memory, memory_allowed, self.dropout)
        return x @ self.tokens.weight.T + self.bias

    def forward(self, source, target):
        return self.decode(target, *self.encode(source))

    @torch.no_grad()
    def translate(self, source, longest=48):
        """Greedy: B x T -> lists of ids, without start and end."""
        memory = self.encode(source)
        out, done = torch.full((len(source), 1), END), torch.zeros(len(source), dtype=torch.bool)
        while out.shape[1] < longest and not done.all():
            best = self.decode(out, *memory)[:, -1].argmax(-1)
            best[done] = PAD
            done |= best == END
            out = torch.cat([out, best[:, None]], 1)
        return [[i for i in row[1:] if i not in (PAD, END)] for row in out.tolist()]

    def published(self):
        out = {"model.shared.weight": self.tokens.weight}
        for name in ("encoder", "decoder"):
            half, p = getattr(self, name), f"model.{name}."
            out[p + "embed_positions.weight"] = half.positions.weight
            out.update(layers.names_of(p, {"layernorm_embedding": half.embedding_norm}))
            for i, block in enumerate(half.blocks):
                parts = {"self_attn_layer_norm": block.own_norm, "fc1": block.up, "fc2": block.down, "final_layer_norm": block.norm}
                attentions = {"self_attn": block.own}
                if block.cross is not None:
                    attentions["encoder_attn"] = block.cross
                    parts["encoder_attn_layer_norm"] = block.cross_norm
                for label, a in attentions.items():
                    parts.update({f"{label}.{part}_proj": linear for part, linear in (("q", a.q), ("k", a.k), ("v", a.v), ("out", a.o))})
                out.update(layers.names_of(f"{p}layers.{i}.", parts))
        out["final_logits_bias"] = self.bias
        return out

    def transposed(self):
        return set()


def config(vocabulary, width, layers_, heads, context):
    return {"model_type": "bart", "architectures": ["BartForConditionalGeneration"], "d_model": width,
            "encoder_layers": layers_, "decoder_layers": layers_, "encoder_attention_heads": heads,
            "decoder_attention_heads": heads, "encoder_ffn_dim": 2 * width, "decoder_ffn_dim": 2 * width,
            "vocab_size": vocabulary, "max_position_embeddings": context, "activation_function": "relu",
            "scale_embedding": False, "bos_token_id": 0, "pad_token_id": PAD, "eos_token_id": END,
            "decoder_start_token_id": END, "forced_bos_token_id": None, "forced_eos_token_id": END, "tie_word_embeddings": True}
