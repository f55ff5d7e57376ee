"""Twins of four steps in numpy and scipy, on data of the same shape: seconds of each as one line of JSON."""

import json
import sys
import time

import numpy as np
from scipy.stats import poisson

rows, people, merchants, columns = (int(value) for value in sys.argv[1:5])
random = np.random.default_rng(1)
day = 86_400
merchant = (merchants * random.random(rows) ** 3).astype(np.int32)
buyer = (people * random.random(rows) ** 2).astype(np.int32)
device = np.where(buyer % 12 == 0, buyer // 2, buyer).astype(np.int32)
placed = 1_700_000_000 + random.random(rows) * 365 * day
seconds = {}


def timed(name, work):
    begun = time.perf_counter()
    work()
    seconds[name] = time.perf_counter() - begun


def others():
    key = device.astype(np.int64) * merchants + merchant
    pairs = np.unique(np.stack([key, buyer.astype(np.int64)]), axis=1)
    keys, counts = np.unique(pairs[0], return_counts=True)
    return counts[np.searchsorted(keys, key)] - 1


def surprise():
    half, usual = 1.5 * day, 60 * day
    apart = merchant * 1e9 + (placed - 1_700_000_000)
    order = np.sort(apart)
    near = np.searchsorted(order, apart + half, "right") - np.searchsorted(order, apart - half, "left")
    first = np.searchsorted(order, apart - usual, "left")
    last = np.searchsorted(order, apart + usual, "right")
    span = np.maximum(14 * day, order[last - 1] - order[first] - 2 * half)
    rate = (last - first - near + 3) / span * 2 * half
    return np.minimum(12, -np.log10(np.maximum(1e-300, poisson.sf(near - 1, rate))))


table = random.random((columns, rows))
edges = np.sort(random.random((columns, 30)), axis=1)
terms = random.integers(-65_536, 65_536, (columns, 31)).astype(np.int32)


def scores():
    out = np.zeros(rows, dtype=np.int32)
    for column in range(columns):
        out += terms[column][np.searchsorted(edges[column], table[column], "right")]
    return out


timed("row_order", lambda: np.lexsort((placed, merchant)))
timed("others", others)
timed("surprise", surprise)
timed("scores", scores)
print(json.dumps(seconds))
