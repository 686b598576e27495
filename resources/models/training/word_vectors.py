#!/usr/bin/env python3
"""Counts word vectors from plain text: positive pointwise mutual information of neighbours, truncated SVD.

    word_vectors.py [--out ../words] [--words 4000] [--dimensions 100] TEXT.txt...

Each line of a text is one passage; neighbours are not counted across lines. Needs NumPy alone, 2 GB of memory and a
minute. The same texts give the same files.

    M[w, c]   how often c stands within `--window` words of w, a neighbour at distance d counting (window+1-d)/window
    P[w, c]   max(0, log M[w,c] - log M[w,.] - log q(c)),   q(c) proportional to (sum over w of M[w,c])^0.75
    P = U S V'   and the vectors are the rows of U S^power, of unit length

References: Church and Hanks 1990 (pointwise mutual information), Levy, Goldberg and Dagan 2015 (the smoothing of q and
the exponent of S), Mu and Viswanath 2018 (dropping the first component, which says how frequent a word is).
"""
import argparse
import collections
import json
import os
import pathlib
import re
import sys

# One thread: sums are added in the same order on every run.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent

# What the `words` tokenizer makes of these texts: letters and digits, joined by single apostrophes or full stops;
# every other mark alone. Underscores are italics in plain-text books.
TOKEN = re.compile(r"[^\W_]+(?:['.][^\W_]+)*|[^\s\w]")
PUNCTUATION = re.compile(r"[^\s\w]\Z")
TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "_": None})


def passages(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                tokens = TOKEN.findall(line.translate(TYPOGRAPHIC).lower())
                if tokens:
                    yield tokens


def word_list(name):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def choose_vocabulary(counts, size):
    """The most frequent words, without the unfit ones and always with those that the examples need."""
    unfit = set(word_list("unfit_words.txt"))
    by_count = sorted(counts, key=lambda word: (-counts[word], word))
    by_count = [word for word in by_count if word not in unfit]
    wanted = [word for word in word_list("wanted_words.txt") if word in counts and word not in unfit]
    chosen = set(wanted)
    for word in by_count:
        if len(chosen) == size:
            break
        chosen.add(word)
    return [word for word in by_count if word in chosen], by_count


def sequences(texts, index):
    """All words in one array (-1: unknown) with the passage of each, and where punctuation stands between them."""
    words, passage, marks, mark_before = [], [], [], []
    for number, tokens in enumerate(texts):
        for token in tokens:
            if PUNCTUATION.match(token):
                marks.append((index.get(token, -1), number))
                mark_before.append(len(words))
            else:
                words.append(index.get(token, -1))
                passage.append(number)
    return np.array(words), np.array(passage), np.array(marks).reshape(-1, 2), np.array(mark_before)


def count_neighbours(texts, rows, columns, index, window):
    """M[w, c]. Punctuation is skipped between words, and is never a context, but has rows of its own."""
    words, passage, marks, mark_before = sequences(texts, index)
    total = np.zeros(rows * columns)

    def add(row, column, same, weight):
        fits = same & (row >= 0) & (row < rows) & (column >= 0)
        cells = row[fits] * columns + column[fits]
        np.add(total, weight * np.bincount(cells, minlength=total.size), out=total)

    for distance in range(1, window + 1):
        weight = (window + 1 - distance) / window
        left, right = words[:-distance], words[distance:]
        same = passage[:-distance] == passage[distance:]
        add(left, right, same, weight)
        add(right, left, same, weight)
        for place in (mark_before - distance, mark_before + distance - 1):
            inside = (place >= 0) & (place < len(words))
            place = np.clip(place, 0, len(words) - 1)
            add(marks[:, 0], words[place], inside & (passage[place] == marks[:, 1]), weight)
    return total.reshape(rows, columns)


def positive_pmi(counts, smoothing):
    row = counts.sum(1, keepdims=True)
    context = counts.sum(0, keepdims=True) ** smoothing
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(counts) - np.log(row) - np.log(context / context.sum())
    return np.maximum(np.nan_to_num(pmi, neginf=0, posinf=0), 0).astype(np.float32)


def factorize(matrix, dimensions, drop, power):
    """Rows of U S^power without the first `drop` components, of unit length; the largest entry of each column > 0."""
    gram = (matrix @ matrix.T).astype(np.float64)
    values, vectors = np.linalg.eigh(gram)
    order = np.argsort(-values)[drop : drop + dimensions]
    scaled = vectors[:, order] * np.sqrt(values[order]) ** power
    scaled *= np.sign(scaled[np.abs(scaled).argmax(0), np.arange(dimensions)])
    return scaled / np.linalg.norm(scaled, axis=1, keepdims=True)


def write_safetensors(path, name, tensor):
    header = {name: {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [0, tensor.nbytes]}}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + tensor.tobytes())


def related_above_unrelated(vectors, index):
    """Share of (related pair, unrelated pair) comparisons that the related one wins, over hand-listed pairs."""
    pairs = [tuple(line.split()) for line in word_list("related_pairs.txt")]
    pairs = [pair for pair in pairs if all(word in index for word in pair)]
    words = sorted({word for pair in pairs for word in pair})
    related = {frozenset(pair) for pair in pairs}
    others = [(a, b) for i, a in enumerate(words) for b in words[i + 1 :] if frozenset((a, b)) not in related]

    def cosines(of):
        rows = np.array([[index[word] for word in pair] for pair in of])
        return (vectors[rows[:, 0]] * vectors[rows[:, 1]]).sum(1)

    likeness, other = cosines(pairs), cosines(others)
    return len(pairs), len(others), float((likeness[:, None] > other[None, :]).mean()), likeness.mean(), other.mean()


def report(vectors, vocabulary, counts, passages_read):
    """Measured facts for the model card."""
    index = {word: i for i, word in enumerate(vocabulary)}
    print(f"{passages_read} passages, {sum(counts.values())} tokens, {len(counts)} different ones")
    covered = sum(counts[word] for word in vocabulary)
    share = covered / sum(counts.values())
    print(f"the vocabulary covers {share:.1%}; its rarest word occurs {counts[vocabulary[-1]]} times")
    for size in (16, 64, vectors.shape[1]):
        part = vectors[:, :size] / np.linalg.norm(vectors[:, :size], axis=1, keepdims=True)
        pairs, others, share, likeness, other = related_above_unrelated(part, index)
        print(f"{size} dimensions: {share:.3f} of {pairs} related against {others} unrelated pairs;"
              f" mean cosines {likeness:.2f} and {other:.2f}")
    for word in "river bank street tired animal king red three money walk cat . ,".split():
        nearest = np.argsort(-vectors @ vectors[index[word]])[1:7]
        print(f"| {word} | " + ", ".join(f"{vocabulary[i]} {vectors[i] @ vectors[index[word]]:.2f}" for i in nearest) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="+", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "words")
    parser.add_argument("--words", type=int, default=4000)
    parser.add_argument("--contexts", type=int, default=10000)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--smoothing", type=float, default=0.75)
    parser.add_argument("--drop", type=int, default=1)
    parser.add_argument("--power", type=float, default=0.5)
    options = parser.parse_args()

    texts = list(passages(options.texts))
    counts = collections.Counter(token for tokens in texts for token in tokens)
    vocabulary, by_count = choose_vocabulary(counts, options.words)
    # The rows come first among the contexts; the further contexts are words that get no vector of their own.
    rest = [word for word in by_count if word not in set(vocabulary)]
    columns = (vocabulary + rest)[: options.contexts]
    index = {word: i for i, word in enumerate(columns)}

    counted = count_neighbours(texts, len(vocabulary), len(columns), index, options.window)
    silent = np.flatnonzero(counted.sum(1) == 0)
    if silent.size:
        sys.exit("no neighbours: " + " ".join(vocabulary[i] for i in silent))
    exact = factorize(positive_pmi(counted, options.smoothing), options.dimensions, options.drop, options.power)
    vectors = exact.astype("<f2")

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    write_safetensors(options.out / "vectors.safetensors", "vectors", vectors)
    report(vectors.astype(np.float64), vocabulary, counts, len(texts))


if __name__ == "__main__":
    main()
