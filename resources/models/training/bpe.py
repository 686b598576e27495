"""Byte-level byte-pair encoding (Sennrich et al. 2016, Radford et al. 2019): training, encoding, tokenizer.json.

Text is cut into words with the space before them; a word is its UTF-8 bytes, each shown as a printable character;
the most frequent neighbouring pair is joined again and again. Letters and digits in the sense of Python's `re`, which for the
texts trained on is what the file's ByteLevel step does.
"""
import collections
import json
import re

CUT = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_characters():
    """The printable character that stands for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    others = [byte for byte in range(256) if byte not in table]
    table.update({byte: chr(256 + place) for place, byte in enumerate(others)})
    return [table[byte] for byte in range(256)]


BYTES = byte_characters()


def visible(word):
    return tuple(BYTES[byte] for byte in word.encode("utf-8"))


def train_merges(counts, number):
    """The `number` most useful merges of words with their counts; ties by the pieces themselves."""
    words = [list(visible(word)) for word in counts]
    weights = list(counts.values())
    pairs, places = collections.Counter(), collections.defaultdict(set)
    for at, word in enumerate(words):
        for pair in zip(word, word[1:]):
            pairs[pair] += weights[at]
            places[pair].add(at)
    merges = []
    while len(merges) < number and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        joined = best[0] + best[1]
        for at in sorted(places.pop(best)):
            word, weight = words[at], weights[at]
            for pair in zip(word, word[1:]):
                pairs[pair] -= weight
            merged, i = [], 0
            while i < len(word):
                if i + 1 < len(word) and (word[i], word[i + 1]) == best:
                    merged.append(joined)
                    i += 2
                else:
                    merged.append(word[i])
                    i += 1
            words[at] = merged
            for pair in zip(merged, merged[1:]):
                pairs[pair] += weight
                places[pair].add(at)
        pairs.pop(best, None)
    return merges


def word_counts(texts, prefix_space):
    counts = collections.Counter()
    for text in texts:
        counts.update(CUT.findall(" " + text if prefix_space and not text[:1].isspace() else text))
    return counts


class Tokenizer:
    """specials: in the order of their ids, which come first. surround: what stands before and after a text, None: nothing."""

    def __init__(self, specials, merges, prefix_space, surround=(None, None), mask=None):
        self.specials, self.merges, self.prefix_space = list(specials), [tuple(m) for m in merges], prefix_space
        self.surround, self.mask = surround, mask
        pieces = self.specials + sorted(BYTES) + [a + b for a, b in self.merges]
        self.pieces = list(dict.fromkeys(pieces))
        self.ids = {piece: number for number, piece in enumerate(self.pieces)}
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.cache = {}
        self.special_cut = re.compile("|".join(
            (r"\s*" if special == mask else "") + re.escape(special) for special in self.specials))

    def __len__(self):
        return len(self.pieces)

    def word(self, word):
        if word in self.cache:
            return self.cache[word]
        parts = list(visible(word))
        while len(parts) > 1:
            ranked = [(self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:]))]
            rank, i = min(ranked)
            if rank == 1 << 30:
                break
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        ids = self.cache[word] = [self.ids[part] for part in parts]
        return ids

    def plain(self, text):
        """Ids without what surrounds a text; special tokens written out in the text are taken as such."""
        ids, at = [], 0
        for special in self.special_cut.finditer(text):
            ids += self.pieces_of(text[at : special.start()])
            ids.append(self.ids[special.group().strip()])
            at = special.end()
        return ids + self.pieces_of(text[at:])

    def pieces_of(self, text):
        if not text:
            return []
        if self.prefix_space and text[0] != " ":
            text = " " + text
        return [i for word in CUT.findall(text) for i in self.word(word)]

    def encode(self, text):
        ids = self.plain(text)
        first, last = self.surround
        return [self.ids[piece] for piece in (first,) if piece] + ids + [self.ids[piece] for piece in (last,) if piece]

    def decode(self, ids):
        back = {character: byte for byte, character in enumerate(BYTES)}
        out = bytearray()
        for i in ids:
            piece = self.pieces[i]
            out += piece.encode() if piece in self.specials else bytes(back[c] for c in piece)
        return out.decode("utf-8", errors="replace")

    def json(self):
        added = [{"id": self.ids[s], "content": s, "single_word": False, "lstrip": s == self.mask, "rstrip": False,
                  "normalized": False, "special": True} for s in self.specials]
        sequence = {"Sequence": {"id": "A", "type_id": 0}}
        special = {piece: {"SpecialToken": {"id": piece, "type_id": 0}} for piece in self.surround if piece}
        single = [special.get(self.surround[0]), sequence, special.get(self.surround[1])]
        post = {"type": "TemplateProcessing", "single": [step for step in single if step], "pair": [],
                "special_tokens": {piece: {"id": piece, "ids": [self.ids[piece]], "tokens": [piece]} for piece in special}}
        return {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": self.prefix_space, "trim_offsets": True,
                              "use_regex": True},
            "post_processor": post,
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                      "vocab": self.ids, "merges": [f"{a} {b}" for a, b in self.merges]}}

    def write(self, path):
        path.write_text(json.dumps(self.json(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def read(path):
    """A tokenizer.json that `write` wrote."""
    document = json.loads(path.read_text(encoding="utf-8"))
    specials = [added["content"] for added in document["added_tokens"]]
    mask = [added["content"] for added in document["added_tokens"] if added["lstrip"]]
    steps = [step.get("SpecialToken", {}).get("id") for step in document["post_processor"]["single"]]
    middle = steps.index(None)
    surround = (steps[0] if middle else None, steps[-1] if middle + 1 < len(steps) else None)
    merges = [tuple(merge.split(" ")) for merge in document["model"]["merges"]]
    return Tokenizer(specials, merges, document["pre_tokenizer"]["add_prefix_space"], surround,
                     mask[0] if mask else None)
