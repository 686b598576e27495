"""What is measured of `translator`, on sentences whose combinations of words it was not trained on."""
import numpy as np
import torch

import translator_data


def exact(model, pairs):
    """For each pair: is the greedy translation the expected one, word for word?"""
    out = []
    for first in range(0, len(pairs), 100):
        part = pairs[first : first + 100]
        source = torch.from_numpy(translator_data.arrays(part)[0])
        out += [mine == target for mine, (_, target, _) in zip(model.translate(source), part)]
    return np.array(out)


def error_rate(model, pairs, block, head, rows):
    """(alignment error rate, mean weight on the gold word) of a cross-attention head with the expected translation given.

    rows: "own" (the row of a word looks at where this word comes from) or "next" (at where the word it predicts comes from).
    A row's link is its largest weight. Every target word has one gold link, so that with one link a row
    AER = 1 - 2 |links in gold| / (|links| + |gold|) = 1 - share of the rows that are right (Och and Ney 2003).
    """
    source, target, labels, own, following = translator_data.arrays(pairs)
    attention = model.decoder.blocks[block].cross
    attention.keep = True
    with torch.no_grad():
        model(torch.from_numpy(source), torch.from_numpy(target))
    attention.keep = False
    pattern = attention.pattern[:, head].float().numpy()
    gold = own if rows == "own" else np.where(labels == translator_data.END, -1, following)
    n, t = np.nonzero(gold >= 0)
    weights, right = pattern[n, t], gold[n, t]
    found = weights.argmax(-1) == right
    return 1 - float(found.mean()), float(weights[np.arange(len(right)), right].mean())


def short(model, pairs):
    rates = [error_rate(model, pairs, block, 0, rows) for block, rows in ((0, "own"), (1, "next"))]
    return f"exact {exact(model, pairs).mean():.3f}, alignment errors own {rates[0][0]:.3f}, next {rates[1][0]:.3f}"
