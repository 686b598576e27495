"""What is measured of `storyteller`."""
import numpy as np
import torch

from generators import repeats


def perplexity(model, ids, context, stride=64):
    """Over all of `ids` but the first two (a trigram has nothing to say of those): windows of `context` tokens, of each of which
    only the last `stride` count, so that every token has at least context - stride before it."""
    total, number = 0.0, 0
    starts = list(range(0, len(ids) - 1, stride))
    windows, counted = [], []
    for start in starts:
        end = min(start + stride, len(ids) - 1)
        begin = max(0, end - context)
        row = np.full(context + 1, 0)
        row[: end - begin + 1] = ids[begin : end + 1]
        keep = np.zeros(context, bool)
        keep[start - begin : end - begin] = True
        if start == 0:
            keep[0] = False
        windows.append(row)
        counted.append(keep)
    windows, counted = torch.from_numpy(np.array(windows)), torch.from_numpy(np.array(counted))
    with torch.no_grad():
        for first in range(0, len(windows), 64):
            part, keep = windows[first : first + 64], counted[first : first + 64]
            loss = torch.nn.functional.cross_entropy(model(part[:, :-1]).transpose(1, 2), part[:, 1:], reduction="none")
            total, number = total + float(loss[keep].double().sum()), number + int(keep.sum())
    return float(np.exp(total / number))


def patterns(model, ids):
    for attention in model.attentions():
        attention.keep = True
    with torch.no_grad():
        logits = model(torch.from_numpy(ids))
    for attention in model.attentions():
        attention.keep = False
    return logits, [attention.pattern for attention in model.attentions()]


def previous_heads(model, ids, starts, context, number=64, seed=21):
    """blocks x heads: mean weight on the token before, over pieces of text (the first token has none)."""
    random = np.random.default_rng(seed)
    begin = random.choice(starts[starts < len(ids) - context], number)
    _, all_patterns = patterns(model, ids[begin[:, None] + np.arange(context)[None, :]])
    return np.array([p.diagonal(-1, 2, 3).mean((0, 2)).numpy() for p in all_patterns])


def repeated_twice(model, words, context, number=200, seed=22):
    """(share of the second half that is written right, blocks x heads: mean weight on the token after the last occurrence).

    Random sequences of 8 to context / 2 words, given twice. In the second half the last occurrence of every token is its place
    in the first, unless it was drawn twice; what counts as seen last is worked out for each place.
    """
    random = np.random.default_rng(seed)
    right, seen, weights, rows = 0, 0, 0.0, 0
    for _ in range(number):
        period = int(random.integers(8, context // 2 + 1))
        unit = random.choice(words, period)
        ids = np.concatenate([unit, unit])[None, :]
        logits, all_patterns = patterns(model, ids)
        # What follows is known from the second token of the second half on: its first one ends the first half.
        best = logits[0, period:-1].argmax(-1).numpy()
        right, seen = right + int((best == ids[0, period + 1 :]).sum()), seen + period - 1
        for place in range(period, 2 * period):
            last = place - 1 - int(np.argmax(ids[0, :place][::-1] == ids[0, place]))
            weights = weights + np.array([p[0, :, place, last + 1].numpy() for p in all_patterns])
        rows += period
    return right / seen, weights / rows
