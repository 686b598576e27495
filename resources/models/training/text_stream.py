"""Documents as one stream of ids, and pieces of it that begin where a line begins (or, half the time, anywhere)."""
import numpy as np


def encode_documents(documents, tokenizer, end):
    """(ids, starts): each line as if typed alone, a line break after it, `end` after a document."""
    line_break = tokenizer.ids["\u010a"]
    ids, starts = [], []
    for document in documents:
        for line in document.split("\n"):
            starts.append(len(ids))
            ids += tokenizer.plain(line)
            ids.append(line_break)
        ids[-1] = end
    return np.array(ids, np.int64), np.array(starts)


def pieces(ids, starts, random, number, length):
    """number x length."""
    starts = starts[starts < len(ids) - length]
    begin = random.choice(starts, number)
    anywhere = random.integers(0, len(ids) - length, number)
    begin = np.where(random.random(number) < 0.5, anywhere, begin)
    return ids[begin[:, None] + np.arange(length)[None, :]]
