"""Teach a network to read handwritten digits: plain NumPy over a dataclass, and its gradient.

    python examples/digits.py                                           the 8×8 digits that come with scikit-learn
    python examples/digits.py --data mnist/ --hidden 300 100            MNIST's own files, packed (.gz) or not
    python examples/digits.py --hidden 64 64 64 --checkpoint run.npz    any depth; may be interrupted and goes on

One seed makes one network, to the last bit, also if the training was interrupted on the way. Wants what
``pip install "revdiff[examples]"`` brings: scikit-learn for the digits, tqdm for progress, matplotlib for the picture.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import revdiff as rd
from revdiff.optimize import Adam, AdamState, cosine_decay, load_state, save_state

BATCH, RATE = 64, 3e-3
BLUE, ORANGE = "#0072b2", "#d55e00"


@dataclass(frozen=True)
class Layer:
    weight: Any
    bias: Any


@dataclass(frozen=True)
class Network:
    layers: list[Layer]


@dataclass(frozen=True)
class Run:
    """All that a training goes on from."""

    network: Network
    adam: AdamState
    random: np.random.Generator
    epoch: int
    history: np.ndarray  # the mean loss in training and the share of the tests that is read rightly, epoch by epoch


@dataclass(frozen=True)
class Data:
    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def network(sizes: list[int], random: np.random.Generator) -> Network:
    """Return a network of random weights, whose layers neither amplify nor fade."""
    weights = [random.normal(0, np.sqrt(2 / n), (n, m)).astype(np.float32) for n, m in pairwise(sizes)]
    return Network([Layer(w, np.zeros(w.shape[1], np.float32)) for w in weights])


def logits(network: Network, images: Any) -> Any:
    """Return how much speaks for each of the ten digits, on a logarithmic scale."""
    *hidden, last = network.layers
    x = images
    for layer in hidden:
        x = np.maximum(x @ layer.weight + layer.bias, 0)
    return x @ last.weight + last.bias


def loss(network: Network, images: Any, labels: Any) -> Any:
    """Return the cross-entropy.    log Σⱼ exp zⱼ - z of the right digit, on average"""
    z = logits(network, images)
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(labels)), labels]).mean()


def accuracy(network: Network, images: Any, labels: Any) -> float:
    """Return the share of images that are read rightly."""
    return float((logits(network, images).argmax(axis=1) == labels).mean())


def idx(folder: Path, name: str) -> np.ndarray:
    """Return an array from a file in MNIST's format: a type, the number of axes, their lengths, and the data."""
    patterns = (name, name.replace("-idx", ".idx"))
    path = next((path for pattern in patterns for path in sorted(folder.glob(f"{pattern}*"))), None)
    if path is None:
        raise SystemExit(f"{folder} has no file {name} or {name}.gz")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lengths = np.frombuffer(content, ">i4", content[3], 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(lengths)


def mnist(folder: Path) -> Data:
    """Return the digits of MNIST, 28×28."""
    images = [idx(folder, f"{part}-images-idx3-ubyte") for part in ("train", "t10k")]
    labels = [idx(folder, f"{part}-labels-idx1-ubyte").astype(int) for part in ("train", "t10k")]
    train, test = (x.reshape(len(x), -1).astype(np.float32) / 255 for x in images)
    return Data(train, labels[0], test, labels[1])


def bundled() -> Data:
    """Return the digits of scikit-learn, 8×8; every fifth is for the test."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    images, test = images.astype(np.float32) / 16, np.arange(len(labels)) % 5 == 0
    return Data(images[~test], labels[~test], images[test], labels[test])


def start(sizes: list[int], epochs: int, seed: int) -> Run:
    """Return what a training begins with."""
    random = np.random.default_rng(seed)
    fresh = network(sizes, random)
    return Run(fresh, Adam().init(fresh), random, 0, np.full((epochs, 2), np.nan))


def train(run: Run, data: Data) -> Iterator[Run]:
    """Walk through the epochs that are left."""
    gradient = rd.value_and_grad(loss)
    epochs, batches = len(run.history), len(data.labels) // BATCH
    adam = Adam(cosine_decay(RATE, epochs * batches), weight_decay=0.01)
    while run.epoch < epochs:
        params, state, losses, history = run.network, run.adam, [], run.history.copy()
        order = run.random.permutation(len(data.labels))[: batches * BATCH]
        for batch in order.reshape(batches, BATCH):
            value, slopes = gradient(params, data.images[batch], data.labels[batch])
            params, state = adam.step(params, slopes, state)
            losses.append(value)
        history[run.epoch] = np.mean(losses), accuracy(params, data.test_images, data.test_labels)
        run = Run(params, state, run.random, run.epoch + 1, history)
        yield run


def draw(run: Run, data: Data) -> Any:
    """Draw the training, the digits that are misread, and how each pixel would have to change to read them rightly."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.4, 3.9), layout="constrained")
    axes = figure.subplot_mosaic([["loss", *"abcde"], ["right", *"ABCDE"]], width_ratios=[2.6, 1, 1, 1, 1, 1])
    epochs = np.arange(1, len(run.history) + 1)
    for name, column, color, label in (("loss", 0, ORANGE, "training loss"), ("right", 1, BLUE, "test accuracy")):
        axes[name].plot(epochs, run.history[:, column], color=color, lw=1.8)
        axes[name].set(ylabel=label)
        axes[name].spines[["top", "right"]].set_visible(False)
    axes["loss"].set(yscale="log", title=f"{run.history[-1, 1]:.1%} of the test digits are right")
    axes["right"].set(xlabel="epoch", ylim=(max(0.0, run.history[:, 1].min() - 0.01), 1))
    read = logits(run.network, data.test_images).argmax(axis=1)
    wrong = np.flatnonzero(read != data.test_labels)[:5]
    side = int(np.sqrt(data.images.shape[1]))
    for upper, lower, i in zip("abcde", "ABCDE", wrong, strict=False):
        image, label = data.test_images[i : i + 1], data.test_labels[i : i + 1]
        slope = -rd.grad(loss, argnums=1)(run.network, image, label).reshape(side, side)
        axes[upper].imshow(image.reshape(side, side), cmap="gray_r")
        axes[upper].set_title(f"{label[0]}, read as {read[i]}", fontsize=11)
        axes[lower].imshow(slope, cmap="PuOr", vmin=-np.abs(slope).max(), vmax=np.abs(slope).max())
    for name in "abcdeABCDE":
        axes[name].set(xticks=[], yticks=[])
        axes[name].set_visible("abcdeABCDE".index(name) % 5 < len(wrong))
    axes["C"].set(xlabel="− gradient by the pixels: more ink where violet, less where brown")
    return figure


def main(arguments: list[str] | None = None) -> Run:
    """Train, and draw what came of it."""
    parser = argparse.ArgumentParser(description="Teach a network to read handwritten digits.")
    option = parser.add_argument
    option("--data", type=Path, help="the directory of MNIST's four files")
    option("--hidden", type=int, nargs="*", default=[300, 100], help="the sizes of the hidden layers")
    option("--epochs", type=int, help="how often each image is seen")
    option("--seed", type=int, default=0)
    option("--checkpoint", type=Path, help="a file to save the run in, after every epoch, and to go on from")
    option("--picture", help="the file of the picture: digits.svg")
    chosen = parser.parse_args(arguments)
    data = mnist(chosen.data) if chosen.data else bundled()
    sizes = [data.images.shape[1], *chosen.hidden, 10]
    run = start(sizes, chosen.epochs or (4 if chosen.data else 30), chosen.seed)
    if chosen.checkpoint and chosen.checkpoint.exists():
        run = load_state(chosen.checkpoint, run)
    runs = train(run, data)
    if find_spec("tqdm"):
        from tqdm import tqdm

        runs = tqdm(runs, "-".join(map(str, sizes)), len(run.history), initial=run.epoch, unit="epoch")
    for run in runs:
        if chosen.checkpoint:
            save_state(chosen.checkpoint, run)
    print(f"{run.history[-1, 1]:.2%} of the test digits are read rightly")
    if chosen.picture:
        metadata = {"Date": None} if chosen.picture.endswith(".svg") else None
        draw(run, data).savefig(chosen.picture, metadata=metadata)
    return run


if __name__ == "__main__":
    from running import run

    run(main)
