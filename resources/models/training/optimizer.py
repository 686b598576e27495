"""AdamW for embeddings, norms and biases; Muon for the matrices between (K. Jordan et al. 2024): the momentum of a matrix,
made orthogonal by Newton-Schulz steps, is its update. It needs about half as many steps as AdamW here."""
import torch


def orthogonal(matrices, steps=5):
    """matrices: N x rows x columns. U V' of each one's singular value decomposition, about."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices.bfloat16()
    flip = x.shape[1] > x.shape[2]
    if flip:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * (square @ square)) @ x
    return (x.transpose(1, 2) if flip else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    shapes.setdefault(parameter.shape, []).append(parameter)
            for shape, parameters in shapes.items():
                updates = []
                for parameter in parameters:
                    state = self.state[parameter]
                    if not state:
                        state["momentum"] = torch.zeros_like(parameter)
                    state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
                    updates.append(parameter.grad.lerp(state["momentum"], group["momentum"]))
                factor = max(1.0, shape[0] / shape[1]) ** 0.5
                for parameter, update in zip(parameters, orthogonal(torch.stack(updates))):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-group["lr"] * factor)


def optimizers(model, embedding_rate=3e-3, matrix_rate=0.02):
    inner, outer = [], []
    for name, parameter in model.named_parameters():
        is_table = any(part in name for part in ("tokens", "positions", "types"))
        (inner if parameter.dim() == 2 and not is_table else outer).append(parameter)
    adam = torch.optim.AdamW(outer, lr=embedding_rate, betas=(0.9, 0.95), weight_decay=0.0)
    return [adam, Muon(inner, lr=matrix_rate)]


def rate_factor(step, steps, warm_up=100, decay=0.4):
    """Up, level, and down to nothing over the last part: `--steps` can be changed while it is level."""
    down = (steps - step) / max(1, decay * steps)
    return min(1.0, (step + 1) / warm_up, max(0.0, down))
