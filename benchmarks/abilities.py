"""What each library can do, as facts that can be run: ``python -m benchmarks.abilities``.

A fact is a short program for each library. It says yes where the program ends in the truth, no where it
ends in anything else, a wrong number say, and otherwise which error was raised. The table in docs/comparison.md is what this prints.
"""

from __future__ import annotations

import sys
import textwrap
import warnings
from importlib.util import find_spec
from typing import NamedTuple

PRELUDES = {
    "revdiff": "import numpy as np, revdiff as rd\ngrad = rd.grad",
    "autograd": "import autograd.numpy as np, autograd\nfrom autograd import grad",
    "jax": (
        "import jax, jax.numpy as np\n"
        "jax.config.update('jax_enable_x64', True)\n"
        "jax.config.update('jax_platforms', 'cpu')\n"
        "from jax import grad"
    ),
    "torch": (
        "import torch\n"
        "torch.set_default_dtype(torch.float64)\n"
        "def grad(f):\n"
        "    def g(x):\n"
        "        x = x if torch.is_tensor(x) and x.requires_grad else torch.tensor(x, requires_grad=True)\n"
        "        return torch.autograd.grad(f(x), x, create_graph=True)[0]\n"
        "    return g"
    ),
}
"""What stands before each program."""


class Fact(NamedTuple):
    """A question, and the program that answers it: for all libraries, or for some of them in their own words.

    A program ends with an expression. A library without a program cannot be asked: it has no such thing.
    """

    question: str
    program: str = ""
    revdiff: str | None = None
    autograd: str | None = None
    jax: str | None = None
    torch: str | None = None

    def of(self, library: str) -> str:
        """Return the program for a library; empty if there is none."""
        own: str | None = getattr(self, library)
        return textwrap.dedent(self.program if own is None else own)


FACTS = [
    Fact(
        "code that imports plain `numpy` is differentiated",
        """
        import numpy
        abs(grad(lambda x: numpy.sum(numpy.sin(x) ** 2))(numpy.array([0.5]))[0] - numpy.sin(1.0)) < 1e-12
        """,
    ),
    Fact(
        "`if` and `while` on values",
        """
        def f(x):
            while x < 100.0:
                x = x * x
            return x
        float(grad(f)(2.0)) == 8 * 2.0**7
        """,
    ),
    Fact(
        "assignment into an array, `y[i] = v`",
        """
        def f(x):
            y = np.zeros_like(x)
            y[0] = x[0]
            y[1] = y[0] * x[1]
            return y[1]
        [float(d) for d in grad(f)(np.array([3.0, 5.0]))] == [5.0, 3.0]
        """,
        torch="""
        def f(x):
            y = torch.zeros_like(x)
            y[0] = x[0]
            y[1] = y[0] * x[1]
            return y[1]
        grad(f)([3.0, 5.0]).tolist() == [5.0, 3.0]
        """,
    ),
    Fact(
        "gradient by a dataclass, with no registration",
        """
        from dataclasses import dataclass
        @dataclass
        class Line:
            slope: float
            offset: float
        float(grad(lambda line: line.slope * 3.0 + line.offset)(Line(1.0, 2.0)).slope) == 3.0
        """,
        torch="",
    ),
    Fact(
        "exact fractions",
        """
        from fractions import Fraction
        grad(lambda x: x * x / 3)(Fraction(1, 2)) == Fraction(1, 3)
        """,
    ),
    Fact(
        "formulas: the derivative at a SymPy symbol",
        """
        import sympy
        x = sympy.Symbol("x")
        grad(lambda x: x * x * x)(x) == 3 * x**2
        """,
    ),
    Fact(
        "an argument without end, of which a part is read",
        revdiff="rd.grad(lambda s: s[0] * s[2])(rd.Stream.iterate(lambda n: n + 1.0, 1.0)).take(4) == [3.0, 0.0, 1.0, 0.0]",
    ),
    Fact(
        "a variable in an inner derivative, through a generator read later",
        """
        def terms(x):
            yield grad(lambda y: x * y)(1.0)
        float(grad(lambda x: sum(terms(x)) * x)(3.0)) == 6.0
        """,
        torch="""
        def terms(x):
            yield grad(lambda y: x * y)(1.0)
        float(grad(lambda x: sum(terms(x)) * x)(3.0)) == 6.0
        """,
    ),
    Fact(
        "2³⁰⁰ paths through 300 steps",
        """
        def f(x):
            for _ in range(300):
                x = x * x
            return x
        float(grad(f)(1.0)) == 2.0**300
        """,
    ),
    Fact(
        "a chain of 100 000 steps",
        """
        def f(x):
            for _ in range(100_000):
                x = x * 1.0
            return x
        float(grad(f)(1.0)) == 1.0
        """,
    ),
    Fact(
        "`where(x > 0, sqrt(x), 0)` has gradient 0 at 0",
        "float(grad(lambda x: np.where(x > 0, np.sqrt(x), 0.0))(np.array(0.0))) == 0.0",
        torch="float(grad(lambda x: torch.where(x > 0, torch.sqrt(x), 0.0))(0.0)) == 0.0",
    ),
    Fact(
        "`1/(1 + exp(-x))` has gradient 0 at -1000",
        "float(grad(lambda x: 1.0 / (1.0 + np.exp(-x)))(-1000.0)) == 0.0",
        torch="float(grad(lambda x: 1.0 / (1.0 + torch.exp(-x)))(-1000.0)) == 0.0",
    ),
    Fact(
        "`x**y` by y at x = 0, y = 2 is 0, second derivative too",
        "float(grad(grad(lambda y: np.array(0.0) ** y))(2.0)) == 0.0",
        torch="float(grad(grad(lambda y: torch.tensor(0.0) ** y))(2.0)) == 0.0",
    ),
    Fact(
        "the product of [0, 0, 3] has the right Hessian",
        "np.array(rd.hessian(np.prod)(np.array([0.0, 0.0, 3.0]))).tolist() == [[0, 3, 0], [3, 0, 0], [0, 0, 0]]",
        autograd=("autograd.hessian(np.prod)(np.array([0.0, 0.0, 3.0])).tolist() == [[0, 3, 0], [3, 0, 0], [0, 0, 0]]"),
        jax="jax.hessian(np.prod)(np.array([0.0, 0.0, 3.0])).tolist() == [[0, 3, 0], [3, 0, 0], [0, 0, 0]]",
        torch=(
            "torch.func.hessian(torch.prod)(torch.tensor([0.0, 0.0, 3.0])).tolist() == [[0, 3, 0], [3, 0, 0], [0, 0, 0]]"
        ),
    ),
    Fact(
        "data changed before the way back: no wrong number",
        """
        data = np.array([1.0, 2.0])
        try:
            value, pullback = rd.vjp(lambda x: (x * data).sum(), np.array([1.0, 1.0]))
            data[0] = 100.0
            right = pullback(1.0)[0] == 1.0
        except rd.MutatedArrayError:
            right = True
        right
        """,
        autograd="""
        data = np.array([1.0, 2.0])
        pullback, value = autograd.make_vjp(lambda x: x * data)(np.array([1.0, 1.0]))
        data[0] = 100.0
        pullback(np.array([1.0, 1.0]))[0] == 1.0
        """,
        jax="""
        import numpy
        data = numpy.array([1.0, 2.0])
        value, pullback = jax.vjp(lambda x: (x * data).sum(), np.array([1.0, 1.0]))
        data[0] = 100.0
        float(pullback(1.0)[0][0]) == 1.0
        """,
        torch="""
        data = torch.tensor([1.0, 2.0])
        x = torch.tensor([1.0, 1.0], requires_grad=True)
        y = (x * data).sum()
        data[0] = 100.0
        try:
            y.backward()
            right = float(x.grad[0]) == 1.0
        except RuntimeError:
            right = True
        right
        """,
    ),
    Fact(
        "a Jacobian in one backward sweep",
        """
        calls = []
        @rd.primitive
        def seen(x):
            return x, lambda ct: calls.append(1) or ct
        rd.jacobian(lambda x: seen(x) * x)(np.arange(20.0))
        len(calls) == 1
        """,
        autograd="""
        from autograd.extend import primitive, defvjp
        calls = []
        @primitive
        def seen(x):
            return x * 1.0
        defvjp(seen, lambda ans, x: lambda g: calls.append(1) or g)
        autograd.jacobian(lambda x: seen(x) * x)(np.arange(20.0))
        len(calls) == 1
        """,
        jax="""
        calls = []
        @jax.custom_vjp
        def seen(x):
            return x
        seen.defvjp(lambda x: (x, None), lambda _, g: calls.append(1) or (g,))
        jax.jacrev(lambda x: seen(x) * x)(np.arange(20.0))
        len(calls) == 1
        """,
        torch="""
        calls = []
        class Seen(torch.autograd.Function):
            generate_vmap_rule = True
            @staticmethod
            def forward(x):
                return x.clone()
            @staticmethod
            def setup_context(ctx, inputs, output):
                pass
            @staticmethod
            def backward(ctx, g):
                calls.append(1)
                return g
        torch.func.jacrev(lambda x: Seen.apply(x) * x)(torch.arange(20.0))
        len(calls) == 1
        """,
    ),
    Fact(
        "the derivative of a root by the parameters of its equation",
        """
        from revdiff.scipy import optimize
        root = lambda a: optimize.brentq(lambda x, a: x * x - a, 0.0, 10.0, args=(a,))
        abs(grad(root)(4.0) - 0.25) < 1e-6
        """,
        autograd="",
        jax="""
        def newton(f, x):
            for _ in range(50):
                x = x - f(x) / jax.jvp(f, (x,), (1.0,))[1]
            return x
        root = lambda a: jax.lax.custom_root(lambda x: x * x - a, 10.0, newton, lambda g, y: y / g(1.0))
        abs(grad(root)(4.0) - 0.25) < 1e-6
        """,
        torch="",
    ),
    Fact(
        "the derivative of an ODE's solution by its parameters",
        """
        from revdiff.scipy import integrate
        end = lambda a: integrate.solve_ivp(lambda t, y: -a * y, (0.0, 1.0), [1.0], rtol=1e-9, atol=1e-9).y[0, -1]
        abs(grad(end)(1.0) + np.exp(-1.0)) < 1e-6
        """,
        autograd="""
        from autograd.builtins import tuple as tuple_
        from autograd.scipy.integrate import odeint
        end = lambda a: odeint(lambda y, t, a: -a * y, np.array([1.0]), np.array([0.0, 1.0]), tuple_((a,)))[-1, 0]
        abs(grad(end)(1.0) + np.exp(-1.0)) < 1e-6
        """,
        jax="""
        from jax.experimental.ode import odeint
        end = lambda a: odeint(lambda y, t, a: -a * y, 1.0, np.array([0.0, 1.0]), a, rtol=1e-9, atol=1e-9)[-1]
        abs(grad(end)(1.0) + np.exp(-1.0)) < 1e-6
        """,
        torch="",
    ),
    Fact(
        "a compiler (`jit`)",
        revdiff="",
        autograd="",
        jax="float(jax.jit(grad(np.sin))(0.0)) == 1.0",
        torch="callable(torch.compile)",
    ),
    Fact(
        "arrays on a GPU or TPU",
        revdiff="",
        autograd="",
        jax="callable(jax.device_put)",
        torch="callable(torch.Tensor.to)",
    ),
    Fact(
        "a loop over samples turned into one batch (`vmap`)",
        "rd.vectorize(lambda x: x @ x)(np.ones((5, 2))).tolist() == [2.0] * 5",
        autograd="",
        jax="jax.vmap(lambda x: x @ x)(np.ones((5, 2))).tolist() == [2.0] * 5",
        torch="torch.func.vmap(lambda x: x @ x)(torch.ones((5, 2))).tolist() == [2.0] * 5",
    ),
]


def answer(fact: Fact, library: str) -> str:
    """Return yes, or what happens instead."""
    program = fact.of(library).strip()
    if not program:
        return "–"
    *statements, last = program.splitlines()
    scope: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(PRELUDES[library], scope)
        try:
            exec("\n".join(statements), scope)
            return "yes" if eval(last, scope) else "no"
        except Exception as error:  # whatever a library raises is its answer
            return type(error).__name__


def table(libraries: list[str]) -> str:
    """Return the table in Markdown."""
    lines = [f"| | {' | '.join(libraries)} |", f"|---|{'---|' * len(libraries)}"]
    lines += [f"| {fact.question} | {' | '.join(answer(fact, library) for library in libraries)} |" for fact in FACTS]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([library for library in PRELUDES if find_spec(library)]))
    sys.exit()
