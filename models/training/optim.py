"""Optimisers and the clock that a stage is bounded by."""
import math
import time

import torch


def newton_schulz(g, steps=5):
    """The nearest orthogonal matrix, approximately (Jordan et al., Muon): quintic iteration, batch of matrices."""
    x = g.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.transpose(-1, -2)
    x = x / (x.float().norm(dim=(-2, -1), keepdim=True).to(x.dtype) + 1e-7)
    for _ in range(steps):
        a = x @ x.transpose(-1, -2)
        b = -4.7750 * a + 2.0315 * (a @ a)
        x = 3.4445 * x + b @ x
    return (x.transpose(-1, -2) if tall else x).to(g.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised: for the hidden matrices. Equal shapes are orthogonalised in one batch."""

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(p.shape, []).append(p)
            for shape, params in shapes.items():
                updates = []
                for p in params:
                    state = self.state[p]
                    if "m" not in state:
                        state["m"] = torch.zeros_like(p)
                    state["m"].mul_(group["momentum"]).add_(p.grad)
                    updates.append(p.grad + group["momentum"] * state["m"])
                ortho = newton_schulz(torch.stack(updates))
                scale = group["lr"] * max(1.0, shape[0] / shape[1]) ** 0.5
                for p, u in zip(params, ortho):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(u, alpha=-scale)


def optimisers(module, lr=2e-3, muon_lr=0.02):
    """Muon for matrices inside blocks, Adam for embeddings, heads, norms and biases."""
    hidden, rest = [], []
    for name, p in module.named_parameters():
        if not p.requires_grad:
            continue
        inside = p.ndim == 2 and ("layers." in name or "blocks." in name)
        (hidden if inside else rest).append(p)
    made = [torch.optim.AdamW(rest, lr=lr, betas=(0.9, 0.98), weight_decay=0.0)]
    if hidden:
        made.append(Muon(hidden, lr=muon_lr))
    for o in made:
        for g in o.param_groups:
            g["peak"] = g["lr"]
    return made


class Clock:
    """Minutes of training spent, over all resumptions, and the learning rate that they imply.

    It is read at every step; where a step seems to take longer than PAUSE seconds, the process was held, and what is
    above them is not counted.
    """

    PAUSE = 30.0

    def __init__(self, minutes, spent=0.0):
        self.total, self.counted, self.read = minutes * 60.0, spent, time.time()

    @property
    def spent(self):
        now = time.time()
        self.counted += min(now - self.read, self.PAUSE)
        self.read = now
        return self.counted

    @property
    def fraction(self):
        return min(1.0, self.spent / self.total)

    def set_rates(self, opts, step, constant=0.33):
        """Warm-up over 100 steps, constant for that share of the time, then down along a cosine."""
        f = self.fraction
        decay = 1.0 if f < constant else 0.5 * (1 + math.cos(math.pi * (f - constant) / (1 - constant)))
        scale = min(1.0, (step + 1) / 100) * max(decay, 0.01)
        for o in opts:
            for g in o.param_groups:
                g["lr"] = g["peak"] * scale
