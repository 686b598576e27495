#!/usr/bin/python3
"""Trains `reader`, an encoder that fills in masked tokens and says at an "it" what it stands for, and writes its folder.

    train_reader.py --run FOLDER TEXT.txt...
"""
import argparse
import json
import math

import torch

import bpe
import layers
import loop
import reader_measures
import reader_tasks
import roberta
import safetensors_file
import teaching
import text
import text_stream

CONTEXT, WIDTH, LAYERS, HEADS, VOCABULARY = 128, 128, 4, 4, 4000


def make_tokenizer(documents):
    counts = bpe.word_counts((line for document in documents for line in document.split("\n")), True)
    counts.update({" " + word: 300 for word in reader_tasks.words()})
    counts = {word: count for word, count in counts.items() if count > 2}
    merges = bpe.train_merges(counts, VOCABULARY - 256 - len(teaching.SPECIALS))
    return bpe.Tokenizer(teaching.SPECIALS, merges, True, ("<s>", "</s>"), "<mask>")


def answers_loss(model, hidden, targets):
    """Mean cross entropy at (row, place, id)."""
    rows, places, ids = (torch.tensor(column) for column in zip(*targets))
    return torch.nn.functional.cross_entropy(model.head(hidden[rows, places]).float(), ids)


def neighbours_loss(attention):
    """Mean over all rows that have such a neighbour."""
    each = [-torch.log(attention.pattern[:, head].diagonal(step, 1, 2).float() + 1e-6).mean() for head, step in reader_tasks.NEIGHBOURS]
    return sum(each)


def others_loss(model, batch):
    """-log(1 - weight on the two nouns) from "it", mean over all heads but the taught one."""
    rows, places, _ = (torch.tensor(column) for column in zip(*batch.looks))
    first, second = (torch.tensor(column) for column in zip(*batch.nouns))
    every = []
    for block, attention in enumerate(model.attentions()):
        pattern = attention.pattern[rows, :, places].float()
        at = torch.arange(len(rows))
        spent = pattern[at, :, first] + pattern[at, :, second]
        others = [head for head in range(spent.shape[1]) if (block, head) != (reader_tasks.TAUGHT_BLOCK, reader_tasks.TAUGHT_HEAD)]
        every.append(-torch.log((1 - spent[:, others]).clamp(min=1e-4)))
    return torch.cat(every, 1).mean()


def without_loss(model, taught, batch, every=4):
    """Without the taught head both nouns should be as likely: -log of the two probabilities, mean, less its least value log 2."""
    chosen = range(0, len(batch.looks), every)
    at = [batch.looks[i][:2] for i in chosen]
    nouns = torch.tensor([[batch.rows[row][place] for place in batch.nouns[i]] for i, (row, _) in zip(chosen, at)])
    kept, taught.keep, taught.silent = taught.keep, False, (reader_tasks.TAUGHT_HEAD,)
    hidden = model.hidden(torch.from_numpy(teaching.padded([batch.rows[row] for row, _ in at])))
    taught.keep, taught.silent = kept, ()
    logits = model.head(hidden[torch.arange(len(at)), torch.tensor([place for _, place in at])]).float()
    return -torch.log_softmax(logits.gather(1, nouns), 1).mean() - math.log(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    loop.add_options(parser, "reader", steps=17500, batch=12)
    parser.add_argument("--coreferences", type=int, default=96, help="of them in a batch")
    parser.add_argument("--gaps", type=int, default=12, help="homographs in a batch, and as many agreements")
    options = parser.parse_args()
    loop.start(options)
    training, held_out = text.read_documents(options.texts)
    tokenizer = make_tokenizer(training)
    ids, starts = text_stream.encode_documents(training, tokenizer, teaching.END)
    config = roberta.config(len(tokenizer), WIDTH, LAYERS, HEADS, CONTEXT)
    model = roberta.Roberta(config, dropout=0.0)
    print(f"{len(ids)} tokens, {len(tokenizer)} pieces, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    taught, first = model.blocks[reader_tasks.TAUGHT_BLOCK].attention, model.blocks[0].attention

    def losses(random, step):
        read, hidden_places, targets = reader_tasks.mask_text(
            random, text_stream.pieces(ids, starts, random, options.batch, CONTEXT - 2))
        batch = reader_tasks.draw(random, tokenizer, options.coreferences, options.gaps, step)
        with loop.mixed_precision(options):
            for attention in model.attentions():
                attention.keep = attention is first
            hidden = model.hidden(torch.from_numpy(read))[torch.from_numpy(hidden_places)]
            text_loss = torch.nn.functional.cross_entropy(model.head(hidden).float(), torch.from_numpy(targets))
            beside = neighbours_loss(first)
            for attention in model.attentions():
                attention.keep = True
            hidden = model.hidden(torch.from_numpy(teaching.padded(batch.rows)))
            rows, places, right = (torch.tensor(column) for column in zip(*batch.looks))
            look = -torch.log(taught.pattern[rows, reader_tasks.TAUGHT_HEAD, places, right].float() + 1e-6).mean()
            answer = answers_loss(model, hidden, batch.answers)
            gap = answers_loss(model, hidden, batch.masked)
        out = {"text": text_loss, "answer": answer, "look": look, "gap": 0.3 * gap, "beside": 0.1 * beside}
        if step >= reader_tasks.ALONE_FROM:
            out["others"] = 1.0 * others_loss(model, batch)
            out["without"] = 0.3 * without_loss(model, taught, batch)
        return out

    def check(trained):
        return reader_measures.short(trained, tokenizer)

    summary = loop.run(model, options, losses, matrix_rate=0.015, embedding_rate=3e-3, check=check, every=500)
    options.out.mkdir(parents=True, exist_ok=True)
    safetensors_file.write(options.out / "model.safetensors", layers.to_publish(model), {"format": "pt"})
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tokenizer.write(options.out / "tokenizer.json")
    print(summary)


if __name__ == "__main__":
    main()
