"""The training loop: seeded, resumable, logging. A batch depends on seed and step alone, so a run that was stopped goes on as if it
had not been."""
import json
import pathlib
import time

import numpy as np
import torch

import optimizer


def add_options(parser, name, steps, batch):
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("texts", nargs="*", type=pathlib.Path, help="plain text, one passage a line")
    parser.add_argument("--run", type=pathlib.Path, required=True, help="folder of checkpoint and log")
    parser.add_argument("--out", type=pathlib.Path, default=here.parent / name)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true", help="slower; for processors without bfloat16 products")
    parser.add_argument("--export-only", action="store_true", help="write the model of the last checkpoint")


def start(options):
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.run.mkdir(parents=True, exist_ok=True)


def random_of(seed, step):
    return np.random.default_rng([seed, step])


def save(path, state):
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def run(model, options, losses, matrix_rate=0.02, embedding_rate=3e-3, check=None, every=500):
    """losses(random, step) -> name -> loss (added up, but for those whose names begin with '_', which are only logged).

    check(model) -> text is logged now and then. The seconds that training took are kept across stops.
    """
    checkpoint = options.run / "checkpoint.pt"
    optims = optimizer.optimizers(model, embedding_rate, matrix_rate)
    rates = [[group["lr"] for group in o.param_groups] for o in optims]
    step, seconds = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        for each, saved in zip(optims, state["optimizers"]):
            each.load_state_dict(saved)
        step, seconds = state["step"], state["seconds"]
    log = open(options.run / "log.jsonl", "a", encoding="utf-8")
    begun, sums, since = time.time(), {}, time.time()

    def keep():
        total = seconds + time.time() - begun
        save(checkpoint, {"model": model.state_dict(), "optimizers": [o.state_dict() for o in optims], "step": step,
                          "seconds": total})
        return total

    while step < options.steps and not options.export_only:
        model.train()
        torch.manual_seed(options.seed * 1_000_003 + step)  # dropout
        factor = optimizer.rate_factor(step, options.steps)
        for each, base in zip(optims, rates):
            for group, rate in zip(each.param_groups, base):
                group["lr"] = rate * factor
        parts = losses(random_of(options.seed, step), step)
        total = sum(value for name, value in parts.items() if not name.startswith("_"))
        for each in optims:
            each.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for each in optims:
            each.step()
        step += 1
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + float(value)
        if step % 50 == 0:
            entry = {"step": step, **{n: round(v / 50, 4) for n, v in sums.items()},
                     "seconds_per_step": round((time.time() - since) / 50, 4)}
            if check and step % every == 0:
                model.eval()
                with torch.no_grad():
                    entry["check"] = check(model)
            print(json.dumps(entry), file=log, flush=True)
            sums, since = {}, time.time()
        if step % 250 == 0:
            keep()
    trained = keep() if not options.export_only else seconds
    model.eval()
    return {"steps": step, "seconds": round(trained), "seed": options.seed, "batch": options.batch}


def mixed_precision(options):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=not options.float32)
