"""The operators that Python users know: grad, vjp, jvp, jacobian, hessian and their kin.

Imports the arguments of operators and the descriptors: these are the derivative operators with ``argnums`` and ``has_aux``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, overload

import numpy as np

from revdiff.core.capture import own
from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgumentError, ResultError
from revdiff.core.parts import split
from revdiff.core.revdiff import primal
from revdiff.core.structure import MAPS, STRUCTURES, leaves
from revdiff.derivatives.arguments import Argnums, chosen, pairs, require_beside, require_function, together
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation, Function
from revdiff.systems import is_complex, is_number, require_number


def value_and_grad(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., tuple[Any, Any]]:
    """Return x ↦ (f(x), ∇f(x)), both from one forward and one backward pass.

    f           a function whose value is one real number
    argnums     which arguments to differentiate: a position, a keyword name, or a tuple of them
    has_aux     f returns (value, anything); the result is then ((value, anything), gradient)

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    return _value_and_grad("value_and_grad", f, argnums, has_aux)


def grad(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """Return ∇f, the gradient of a function whose value is one real number.

    The gradient has the structure, the shapes and the dtypes of the argument. With ``argnums`` a
    tuple it is a tuple; with ``has_aux=True`` it comes in a pair with what else f returned. For
    complex arguments it is the conjugate of the direction of steepest ascent.

    >>> import numpy as np
    >>> grad(lambda w: (w**2).sum())(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    both = _value_and_grad("grad", f, argnums, has_aux)

    def derived(*args: Any, **kwargs: Any) -> Any:
        value, gradient = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return derived


def _value_and_grad(operator: str, f: Function, argnums: Argnums, has_aux: bool) -> Callable[..., tuple[Any, Any]]:
    require_function(operator, f)

    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        x, of_x = chosen(f, argnums, args, kwargs)
        differentiation = Differentiation(x)
        y, aux = _value_and_aux(operator, differentiation.run(of_x, auto_arg), has_aux)
        _require_real_scalar(operator, y)
        gradient = differentiation.pull(y, one_like(y))
        value = differentiation.value(y)
        return ((value, differentiation.value(aux)), gradient) if has_aux else (value, gradient)

    return derived


@overload
def vjp(f: Function, /, *args: Any, has_aux: Literal[False] = False) -> tuple[Any, Callable[[Any], Any]]: ...
@overload
def vjp(f: Function, /, *args: Any, has_aux: bool) -> tuple[Any, ...]: ...
def vjp(f: Function, /, *args: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """Return f(x) and its pullback ȳ ↦ f′(x)ᵀ ȳ, which may be called again and again.

    With several arguments the pullback returns a tuple of cotangents. With ``has_aux=True``, what else f returned
    comes third.

    >>> value, pullback = vjp(lambda x: x**2, 3.0)
    >>> value, pullback(1.0), pullback(10.0)
    (9.0, 6.0, 60.0)
    """
    x, of_x = together("vjp", f, args)
    differentiation = Differentiation(x)
    y, aux = _value_and_aux("vjp", differentiation.run(of_x, auto_arg), has_aux)
    value = own(differentiation.value(y))

    def pullback(y_bar: Any, /) -> Any:
        require_beside(value, y_bar, "cotangent")
        return differentiation.pull_structure(auto_val, y, y_bar)

    return (value, pullback, own(differentiation.value(aux))) if has_aux else (value, pullback)


@overload
def jvp(f: Function, primals: Any, tangents: Any, /, *, has_aux: Literal[False] = False) -> tuple[Any, Any]: ...
@overload
def jvp(f: Function, primals: Any, tangents: Any, /, *, has_aux: bool) -> tuple[Any, ...]: ...
def jvp(f: Function, primals: Any, tangents: Any, /, *, has_aux: bool = False) -> tuple[Any, ...]:
    """Return f(x) and f′(x) v, the derivative along v.

    ``primals`` and ``tangents`` are tuples with one entry for each argument of f; a single argument
    that is no tuple may stand by itself. For many tangents at one point, `linearize` runs f only once.
    With ``has_aux=True``, what else f returned comes third.

    >>> jvp(lambda x, y: (x * y, x + y), (2.0, 3.0), (1.0, 10.0))
    ((6.0, 5.0), (23.0, 11.0))
    """
    args, v = pairs(primals, tangents)
    value, pushforward, *aux = _linearized("jvp", f, args, has_aux)
    return value, pushforward(*v), *aux


@overload
def linearize(f: Function, /, *args: Any, has_aux: Literal[False] = False) -> tuple[Any, Callable[..., Any]]: ...
@overload
def linearize(f: Function, /, *args: Any, has_aux: bool) -> tuple[Any, ...]: ...
def linearize(f: Function, /, *args: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """Return f(x) and v ↦ f′(x) v, which may be applied to one tangent after the other. f runs once, here.

    The pullback ȳ ↦ f′(x)ᵀ ȳ is linear in ȳ, so its own pullback is f′(x), wherever it is taken: here at ȳ = 0. What is
    kept is the graph of one backward pass, and each tangent is one sweep through it. With several arguments the
    function takes as many tangents. With ``has_aux=True``, what else f returned comes third.

    >>> value, pushforward = linearize(lambda x, y: (x * y, x + y), 2.0, 3.0)
    >>> value, pushforward(1.0, 0.0), pushforward(0.0, 1.0)
    ((6.0, 5.0), (3.0, 1.0), (2.0, 1.0))
    """
    return _linearized("linearize", f, args, has_aux)


def _linearized(operator: str, f: Function, args: tuple[Any, ...], has_aux: bool) -> tuple[Any, ...]:
    x, of_x = together(operator, f, args)
    differentiation = Differentiation(x)
    y, aux = _value_and_aux(operator, differentiation.run(of_x, auto_arg), has_aux)
    value = differentiation.value(y)
    for leaf in leaves(value):
        if MAPS.find(type(leaf)) is None:
            require_number(primal(leaf), "what the function returns")
    transposed = Differentiation(zero_like(value))
    x_bar = transposed.run(lambda y_bar: differentiation.pull_structure(auto_val, y, y_bar), auto_arg)

    def pushforward(*v: Any) -> Any:
        if len(v) != len(args):
            msg = f"give a tangent for each argument: {len(args)}; met {len(v)}"
            raise ArgumentError(msg)
        along = v if len(args) > 1 else v[0]
        require_beside(x, along, "tangent")
        return differentiation.value(transposed.pull_structure(auto_val, x_bar, along, "tangent"))

    return (own(value), pushforward, own(differentiation.value(aux))) if has_aux else (own(value), pushforward)


def hvp(f: Function, primals: Any, tangents: Any, /) -> Any:
    """Return H v, the Hessian of f at x times v, at the price of a few gradients.

    The Hessian is symmetric, so H v is the pullback of ∇f applied to v. At a point on a manifold, H is that of `hessian`.

    >>> hvp(lambda x: x**4, 2.0, 10.0)
    480.0
    """
    args, v = pairs(primals, tangents)
    x, _ = together("hvp", f, args)
    along = v if len(args) > 1 else v[0]
    require_beside(x, along, "tangent")
    both = _value_and_grad("hvp", f, tuple(range(len(args))) if len(args) > 1 else 0, has_aux=False)
    _, gradient = together("hvp", lambda *args: _in_tangent_space(x, both(*args)[1]), args)
    differentiation = Differentiation(x)
    return differentiation.pull_structure(auto_val, differentiation.run(gradient, auto_arg), along, "tangent")


def jacobian(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """Return the matrix of all partial derivatives, ``result[i][j] = ∂fᵢ/∂xⱼ``.

    The structure of the value is outside, that of the argument inside. Arrays give one array, of
    shape ``(*shape of the value, *shape of the argument)``. With ``has_aux=True`` the matrix comes in a pair with what
    else f returned.

    >>> jacobian(lambda x, y: (x * y, x + y), argnums=(0, 1))(2.0, 3.0)
    ((3.0, 2.0), (1.0, 1.0))
    >>> jacobian(np.cumsum)(np.ones(3))
    array([[1., 0., 0.],
           [1., 1., 0.],
           [1., 1., 1.]])
    """
    require_function("jacobian", f)

    def derived(*args: Any, **kwargs: Any) -> Any:
        x, of_x = chosen(f, argnums, args, kwargs)
        differentiation = Differentiation(x)
        y, aux = _value_and_aux("jacobian", differentiation.run(of_x, auto_arg), has_aux)
        rows = differentiation.derivatives(auto_val, y)
        return (rows, differentiation.value(aux)) if has_aux else rows

    return derived


def hessian(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """Return the matrix of all second derivatives of a function whose value is one real number.

        result[i][j] = ∂²f/∂xᵢ∂xⱼ

    It has the structure of the argument, twice. Of an array it is one array, of shape ``(*shape, *shape)``. Raises
    `ResultError` where the value is not one real number.

    >>> hessian(lambda p: p[0] ** 2 * p[1])((3.0, 5.0))
    ((10.0, 6.0), (6.0, 0.0))
    >>> hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
    array([[ 6.,  0.],
           [ 0., 12.]])

    At a point on a manifold, H v is the covariant derivative of the gradient along the tangent part of v, and v · H v
    the second derivative of f straight ahead along v.

    >>> from revdiff import UnitVector
    >>> hessian(lambda u: u[0])(UnitVector([1.0, 0.0]))              # cos of the angle, at 0
    array([[ 0.,  0.],
           [ 0., -1.]])
    """
    derived = _value_grad_hessian("hessian", f, argnums, has_aux)

    def second(*args: Any, **kwargs: Any) -> Any:
        value, _, rows = derived(*args, **kwargs)
        return (rows, value[1]) if has_aux else rows

    return second


def value_grad_hessian(
    f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any, Any]]:
    """Return x ↦ (f(x), ∇f(x), H(x)). With ``has_aux=True`` the first is a pair (f(x), what else f returned).

    >>> value_grad_hessian(lambda x: x**3)(2.0)
    (8.0, 12.0, 12.0)
    """
    return _value_grad_hessian("value_grad_hessian", f, argnums, has_aux)


def _value_grad_hessian(
    operator: str, f: Function, argnums: Argnums, has_aux: bool
) -> Callable[..., tuple[Any, Any, Any]]:
    both = _value_and_grad(operator, f, argnums, has_aux)

    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        x, of_x = chosen(both, argnums, args, kwargs)
        differentiation = Differentiation(x)
        value, gradient = differentiation.run(of_x, auto_arg)
        rows = differentiation.derivatives(auto_val, _in_tangent_space(x, gradient))
        return differentiation.value(value), differentiation.value(gradient), rows

    return derived


def _value_and_aux(operator: str, y: Any, has_aux: bool) -> tuple[Any, Any]:
    """Return what is differentiated, and what else the function returned."""
    if not has_aux:
        return y, None
    if not isinstance(y, tuple) or len(y) != 2:
        operator += " with has_aux=True"
        raise ResultError.of(operator, "a pair (value, auxiliary data)", primal(y))
    return y


def _in_tangent_space(x: Any, gradient: Any) -> Any:
    """Return P(x) times the gradient, P(x) held constant, at every point on a manifold in x; the rest as it is."""
    structure = STRUCTURES.find(type(primal(x)))
    if structure is None:
        return gradient
    x, parts = split(x), structure.spread(primal(x), split(gradient))
    projected = {key: _in_tangent_space(part, parts[key]) for key, part in structure.parts(x).items() if key in parts}
    return structure.cotangent(x, projected)


def _require_real_scalar(operator: str, y: Any) -> None:
    value = primal(y)
    if not is_number(value):
        instead = "\n  For a structure of values: jacobian(f)."
        if isinstance(value, tuple) and len(value) == 2:
            instead += f" For data beside the value: {operator}(f, has_aux=True)."
    elif np.shape(value) != ():
        instead = f" It has shape {np.shape(value)}.\n  Sum it, or use jacobian(f)."
    elif is_complex(value):
        instead = "\n  Differentiate abs, .real or .imag of it, or use vjp(f, x)."
    else:
        return
    raise ResultError.of(operator, "one real number", value, instead)
