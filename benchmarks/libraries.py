"""One interface to revdiff and to the libraries it is compared with.

Every method returns a function without arguments that does the work once: inputs are converted
beforehand, and results stay in the library's own types, so that only differentiation is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, TypeAlias

import numpy as np

from benchmarks.timing import Thunk

Function: TypeAlias = Callable[[Any], Any]


class Library(Protocol):
    """A library that differentiates functions of a float, an array, or a tuple of these."""

    name: str
    functions: Any
    """Where its sin, cos, exp and so on are."""
    arrays: Any
    """Where its functions of arrays are, under NumPy's names."""

    def constant(self, x: Any) -> Any:
        """Return an array that is not differentiated, as the library has them."""

    def gradient(self, f: Function, x: Any) -> Thunk:
        """Return the gradient of f at x; f(x) is one number."""

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        """Return the gradients of all numbers in the tuple f(x), from one evaluation."""

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        """Return the n-fold derivative of f at x, by nesting."""

    def hessian(self, f: Function, x: Any) -> Thunk:
        """Return the matrix of second derivatives of f at x."""

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        """Return the matrix of second derivatives of f at x, times v."""


class Primal:
    """No derivative at all: the plain function, on Python's functions or on NumPy's."""

    name = "primal"

    def __init__(self, functions: str = "math") -> None:
        self.functions = import_module(functions)
        self.arrays: Any = np

    def constant(self, x: Any) -> Any:
        return x

    def gradient(self, f: Function, x: Any) -> Thunk:
        return lambda: f(x)

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        return lambda: f(x)

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        return lambda: f(x)

    def hessian(self, f: Function, x: Any) -> Thunk:
        return lambda: f(x)

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        return lambda: f(x)


class RevDiffLibrary:
    """This library."""

    name = "revdiff"

    def __init__(self) -> None:
        self.functions = import_module("revdiff")
        self.arrays: Any = np

    def constant(self, x: Any) -> Any:
        return x

    def gradient(self, f: Function, x: Any) -> Thunk:
        derived = self.functions.grad(f)
        return lambda: derived(x)

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        derived = self.functions.jacobian(f)
        return lambda: derived(x)

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        derived = self.functions.nth_derivative(f, n)
        return lambda: derived(x)

    def hessian(self, f: Function, x: Any) -> Thunk:
        derived = self.functions.hessian(f)
        return lambda: derived(x)

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        return lambda: self.functions.hvp(f, x, v)


class Torch:
    """PyTorch, eager; a number is a tensor without dimensions."""

    name = "torch"

    def __init__(self) -> None:
        self.functions: Any = import_module("torch")
        self.arrays: Any = self.functions
        self.functions.set_num_threads(1)
        self._grad = self.functions.autograd.grad

    def _variable(self, x: Any) -> Any:
        if isinstance(x, tuple):
            return tuple(map(self._variable, x))
        return self.functions.tensor(x, dtype=self.functions.float64, requires_grad=True)

    def constant(self, x: Any) -> Any:
        return self.functions.tensor(x)

    def gradient(self, f: Function, x: Any) -> Thunk:
        variable = self._variable(x)
        return lambda: self._grad(f(variable), variable)

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        variable = self._variable(x)

        def derived() -> Any:
            values = f(variable)
            return [self._grad(y, variable, retain_graph=y is not values[-1], materialize_grads=True) for y in values]

        return derived

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        variable = self._variable(x)

        def derived() -> Any:
            y = f(variable)
            for left in reversed(range(n)):
                (y,) = self._grad(y, variable, create_graph=left > 0)
            return y

        return derived

    def hessian(self, f: Function, x: Any) -> Thunk:
        variable = self._variable(x)
        return lambda: self.functions.autograd.functional.hessian(f, variable, vectorize=True)

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        variable, v = self._variable(x), self.constant(v)

        def derived() -> Any:
            (gradient,) = self._grad(f(variable), variable, create_graph=True)
            return self._grad(gradient, variable, v)

        return derived


class Autograd:
    """HIPS autograd."""

    name = "autograd"

    def __init__(self) -> None:
        self._autograd = import_module("autograd")
        self._tuple = import_module("autograd.builtins").tuple
        self.functions: Any = import_module("autograd.numpy")
        self.arrays: Any = self.functions

    def constant(self, x: Any) -> Any:
        return x

    def gradient(self, f: Function, x: Any) -> Thunk:
        # Unpacked once: each look into its box of a tuple makes a whole tuple of zeros.
        derived = self._autograd.grad((lambda box: f(tuple(box))) if isinstance(x, tuple) else f)
        return lambda: derived(x)

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        count = len(f(x))
        seeds = [tuple(float(i == j) for j in range(count)) for i in range(count)]

        def derived() -> Any:
            pullback, _ = self._autograd.make_vjp(lambda box: self._tuple(f(tuple(box))))(x)
            return [pullback(seed) for seed in seeds]

        return derived

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        for _ in range(n):
            f = self._autograd.grad(f)
        return lambda: f(x)

    def hessian(self, f: Function, x: Any) -> Thunk:
        derived = self._autograd.hessian(f)
        return lambda: derived(x)

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        derived = self._autograd.hessian_vector_product(f)
        return lambda: derived(x, v)


class Jax:
    """JAX without ``jit``, in double precision."""

    name = "jax"

    def __init__(self) -> None:
        self._jax = import_module("jax")
        self._jax.config.update("jax_enable_x64", True)
        self.functions: Any = import_module("jax.numpy")
        self.arrays: Any = self.functions

    def constant(self, x: Any) -> Any:
        return self.functions.asarray(x)

    def _variable(self, x: Any) -> Any:
        return tuple(map(self._variable, x)) if isinstance(x, tuple) else self.constant(x)

    def _waiting(self, f: Callable[..., Any], *args: Any) -> Thunk:
        args = tuple(map(self._variable, args))
        return lambda: self._jax.block_until_ready(f(*args))

    def gradient(self, f: Function, x: Any) -> Thunk:
        return self._waiting(self._jax.grad(f), x)

    def jacobian(self, f: Function, x: tuple[Any, ...]) -> Thunk:
        return self._waiting(self._jax.jacrev(f), x)

    def nth_derivative(self, f: Function, n: int, x: float) -> Thunk:
        for _ in range(n):
            f = self._jax.grad(f)
        return self._waiting(f, x)

    def hessian(self, f: Function, x: Any) -> Thunk:
        return self._waiting(self._jax.hessian(f), x)

    def hvp(self, f: Function, x: Any, v: Any) -> Thunk:
        return self._waiting(lambda x, v: self._jax.jvp(self._jax.grad(f), (x,), (v,))[1], x, v)


PEERS: dict[str, Callable[[], Library]] = {"torch": Torch, "autograd": Autograd, "jax": Jax}


def load(peers: tuple[str, ...]) -> tuple[dict[str, Library], list[str]]:
    """Import revdiff and these peers, and return what there is, with a line for each that is missing."""
    libraries: dict[str, Library] = {}
    missing = []
    for name, library in {"revdiff": RevDiffLibrary, **{peer: PEERS[peer] for peer in peers}}.items():
        try:
            libraries[name] = library()
        except ImportError as error:
            missing.append(f"{name} is left out, it cannot be imported: {error}")
    return libraries, missing
