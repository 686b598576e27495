"""Plain text for training: reading it, leaving out what is unfit for a classroom, keeping a part for testing."""
import hashlib
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
WORD = re.compile(r"[^\W\d_]+")


def word_list(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def unfit_words():
    return set(word_list(HERE / "unfit_words.txt")) | set(word_list(HERE / "unfit_for_models.txt"))


def fit_lines(path, unfit):
    """The lines of a file without the empty ones and without those that hold an unfit word."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip()
            if line and unfit.isdisjoint(word.lower() for word in WORD.findall(line)):
                yield line


def is_held_out(document, share=0.04):
    """By the text itself, so that the same story is on the same side whatever files are read in whatever order."""
    digest = hashlib.sha256(document.encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def read_documents(paths, lines_per_document=40):
    """(for training, held out): documents of consecutive lines; neighbouring paragraphs stay on the same side.

    A file whose lines are long (stories, one a line) gives one document a line.
    """
    unfit = unfit_words()
    training, held_out = [], []
    for path in paths:
        lines = list(fit_lines(path, unfit))
        long_lines = sum(map(len, lines)) > 600 * len(lines)
        size = 1 if long_lines else lines_per_document
        for first in range(0, len(lines), size):
            document = "\n".join(lines[first : first + size])
            (held_out if is_held_out(document) else training).append(document)
    return training, held_out
