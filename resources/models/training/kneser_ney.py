"""Interpolated Kneser-Ney trigrams (Kneser and Ney 1995, Chen and Goodman 1999) over token ids.

    p3(w | u v) = max(c(u v w) - D3, 0) / c(u v .) + D3 N(u v .) / c(u v .) p2(w | v)
    p2(w | v)   = max(N(. v w) - D2, 0) / N(. v .) + D2 N(v .) / N(. v .) p1(w)
    p1(w)       = max(N(. w) - D1, 0) / N(. .) + D1 N(.) / N(. .) / V

c counts occurrences, N different ones, D = n1 / (n1 + 2 n2) from what occurs once and twice.
"""
import numpy as np


class Table:
    """Sorted keys with a number each; what is not there counts 0."""

    def __init__(self, keys, values):
        self.keys, self.values = keys, values.astype(np.float64)

    def of(self, keys):
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.values[at], 0.0)


def discount(counts):
    once, twice = (counts == 1).sum(), (counts == 2).sum()
    return once / (once + 2 * twice)


def summed(contexts, values):
    """Table of sums by context; contexts are sorted."""
    keys, first = np.unique(contexts, return_index=True)
    return Table(keys, np.add.reduceat(values, first))


class KneserNey:
    def __init__(self, ids, size):
        self.size = size
        three, count3 = np.unique((ids[:-2] * size + ids[1:-1]) * size + ids[2:], return_counts=True)
        self.trigrams, self.d3 = Table(three, count3), discount(count3)
        self.total3, self.kinds3 = summed(three // size, count3), summed(three // size, np.ones_like(count3))
        two, count2 = np.unique(three % (size * size), return_counts=True)
        self.bigrams, self.d2 = Table(two, count2), discount(count2)
        self.total2, self.kinds2 = summed(two // size, count2), summed(two // size, np.ones_like(count2))
        one, count1 = np.unique(two % size, return_counts=True)
        unigrams, d1 = np.zeros(size), discount(count1)
        unigrams[one] = np.maximum(count1 - d1, 0)
        self.p1 = (unigrams + d1 * len(one) / size) / count1.sum()

    def p2(self, v, w):
        total = self.total2.of(v)
        rest = np.where(total > 0, self.d2 * self.kinds2.of(v) / np.maximum(total, 1), 1.0)
        return np.maximum(self.bigrams.of(v * self.size + w) - self.d2, 0) / np.maximum(total, 1) + rest * self.p1[w]

    def p3(self, u, v, w):
        """u, v, w: arrays of ids that broadcast."""
        context = u * self.size + v
        total = self.total3.of(context)
        rest = np.where(total > 0, self.d3 * self.kinds3.of(context) / np.maximum(total, 1), 1.0)
        own = np.maximum(self.trigrams.of(context * self.size + w) - self.d3, 0) / np.maximum(total, 1)
        return own + rest * self.p2(v, w)

    def perplexity(self, ids):
        return float(np.exp(-np.log(self.p3(ids[:-2], ids[1:-1], ids[2:])).mean()))

    def fill(self, left2, left1, right1, right2):
        """The most likely id between two neighbours on each side."""
        every = np.arange(self.size)
        score = np.log(self.p3(left2, left1, every)) + np.log(self.p3(left1, every, right1)) + np.log(self.p3(every, right1, right2))
        return int(score.argmax())
