"""Batches prepared ahead, where a device is faster than what it is fed with."""
import numpy as np
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Endless(IterableDataset):
    """What `prepare(rng)` makes, for ever; every worker draws from a generator of its own."""

    def __init__(self, prepare, seed):
        self.prepare, self.seed = prepare, seed

    def __iter__(self):
        worker = get_worker_info()
        rng = np.random.default_rng((self.seed, worker.id if worker else 0))
        while True:
            yield self.prepare(rng)


def prefetch(prepare, rng, workers):
    """An endless iterator of `prepare(rng)`, in so many processes besides; in this one, on demand, for none."""
    batches = Endless(prepare, int(rng.integers(2**31)))
    if workers == 0:
        return iter(batches)
    return iter(DataLoader(batches, batch_size=None, num_workers=workers, prefetch_factor=4, multiprocessing_context="fork"))
