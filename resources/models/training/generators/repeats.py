"""Repetition: random sequences given twice, and stories in which names come back."""
import numpy as np


def fit_pieces(tokenizer):
    """Ids of whole words with the space before them: what a random sequence is made of."""
    return np.array([i for i, piece in enumerate(tokenizer.pieces)
                     if piece.startswith("\u0120") and len(piece) > 2 and piece[1:].isalpha() and piece[1:].isascii()])


def repeated(random, words, number, length, shortest=4):
    """(ids, first, periods): number x length; a random sequence again and again, each row with its own period; before the
    column first[row] nothing could be known. Half of the rows begin with something else, so that the place varies."""
    out, first, periods = np.zeros((number, length), np.int64), np.zeros(number, np.int64), np.zeros(number, np.int64)
    for row in range(number):
        period = int(random.integers(shortest, length // 2 + 1))
        prefix = int(random.integers(0, length - 2 * period + 1)) if random.random() < 0.5 else 0
        unit = random.choice(words, period)
        times = -(-(length - prefix) // period)
        out[row] = np.concatenate([random.choice(words, prefix), np.tile(unit, times)])[:length]
        first[row], periods[row] = prefix + period, period
    return out, first, periods
