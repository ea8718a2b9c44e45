"""The operators that Python users know: grad, vjp, jvp, jacobian, hessian and their kin.

Imports the derivative operators and the descriptors: these are the same machinery with ``argnums``
and ``has_aux``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.capture import own
from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgnumsError, ArgumentError, ResultError, describe, listed
from revdiff.core.parts import split
from revdiff.core.revdiff import primal
from revdiff.core.structure import MAPS, STRUCTURES, leaves
from revdiff.derivatives import require_varying
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation, Function
from revdiff.systems import is_complex, is_number, require_number

Argnums: TypeAlias = int | str | tuple[int | str, ...]


def _chosen(
    f: Function, argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Callable[[Any], Any]]:
    """Return the chosen arguments as one structure, and f as a function of that structure."""
    several = isinstance(argnums, tuple)
    keys = [_key(argnum, args, kwargs) for argnum in (argnums if isinstance(argnums, tuple) else (argnums,))]
    if len(set(keys)) < len(keys):
        msg = f"argnums={argnums!r} names an argument twice"
        raise ArgnumsError(msg)
    values = tuple(args[key] if isinstance(key, int) else kwargs[key] for key in keys)
    if several:
        require_varying(values)

    def of_chosen(x: Any) -> Any:
        new_args, new_kwargs = list(args), dict(kwargs)
        for key, value in zip(keys, x if several else (x,), strict=True):
            if isinstance(key, int):
                new_args[key] = value
            else:
                new_kwargs[key] = value
        return f(*new_args, **new_kwargs)

    return values if several else values[0], of_chosen


def _key(argnum: int | str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | str:
    if isinstance(argnum, str):
        if argnum in kwargs:
            return argnum
        names = f"; its keyword arguments are {listed(kwargs)}" if kwargs else ", which had none by keyword"
        msg = f"argnums names the keyword argument {argnum!r}, which is not in this call{names}"
        raise ArgnumsError(msg)
    if isinstance(argnum, bool) or not isinstance(argnum, int | np.integer):
        msg = f"argnums is a position, a keyword name, or a tuple of these; met {describe(argnum)}"
        raise ArgnumsError(msg)
    if not -len(args) <= argnum < len(args):
        many = f"{len(args)} positional argument{'' if len(args) == 1 else 's'}"
        msg = f"argnums={argnum}, but the function was called with {many}"
        raise ArgnumsError(msg)
    return int(argnum) % len(args)


def value_and_grad(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., tuple[Any, Any]]:
    """Return x ↦ (f(x), ∇f(x)), both from one forward and one backward pass.

    f           a function whose value is one real number
    argnums     which arguments to differentiate: a position, a keyword name, or a tuple of them
    has_aux     f returns (value, anything); the result is then ((value, anything), gradient)

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """

    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        x, of_x = _chosen(f, argnums, args, kwargs)
        differentiation = Differentiation(x)
        y = differentiation.run(of_x, auto_arg)
        aux = None
        if has_aux:
            if not isinstance(y, tuple) or len(y) != 2:
                operator = "grad with has_aux=True"
                raise ResultError.of(operator, "a pair (value, auxiliary data)", y)
            y, aux = y
        _require_real_scalar(y)
        gradient = differentiation.pull(y, one_like(y))
        value = differentiation.value(y)
        return ((value, differentiation.value(aux)), gradient) if has_aux else (value, gradient)

    return derived


def grad(f: Function, /, argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """Return ∇f, the gradient of a function whose value is one real number.

    The gradient has the structure, the shapes and the dtypes of the argument. With ``argnums`` a
    tuple it is a tuple; with ``has_aux=True`` it comes in a pair with what else f returned. For
    complex arguments it is the conjugate of the direction of steepest ascent.

    >>> import numpy as np
    >>> grad(lambda w: (w**2).sum())(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    both = value_and_grad(f, argnums, has_aux=has_aux)

    def derived(*args: Any, **kwargs: Any) -> Any:
        value, gradient = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return derived


def vjp(f: Function, /, *args: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return f(x) and its pullback ȳ ↦ f′(x)ᵀ ȳ, which may be called again and again.

    With several arguments the pullback returns a tuple of cotangents.

    >>> value, pullback = vjp(lambda x: x**2, 3.0)
    >>> value, pullback(1.0), pullback(10.0)
    (9.0, 6.0, 60.0)
    """
    x, of_x = _all_arguments(f, args)
    differentiation = Differentiation(x)
    y = differentiation.run(of_x, auto_arg)

    def pullback(y_bar: Any, /) -> Any:
        return differentiation.pull_structure(auto_val, y, y_bar)

    return own(differentiation.value(y)), pullback


def jvp(f: Function, primals: Any, tangents: Any, /) -> tuple[Any, Any]:
    """Return f(x) and f′(x) v, the derivative along v.

    ``primals`` and ``tangents`` are tuples with one entry for each argument of f; a single argument
    that is no tuple may stand by itself. The pullback ū ↦ f′(x)ᵀ ū is linear, so the pullback of
    the pullback is f′(x).

    >>> jvp(lambda x, y: (x * y, x + y), (2.0, 3.0), (1.0, 10.0))
    ((6.0, 5.0), (23.0, 11.0))
    """
    args, v = _pairs(primals, tangents)
    x, of_x = _all_arguments(f, args)
    differentiation = Differentiation(x)
    y = differentiation.run(of_x, auto_arg)
    value = differentiation.value(y)
    for leaf in leaves(value):
        if MAPS.find(type(leaf)) is None:
            require_number(primal(leaf), "what the function returns")
    transposed = Differentiation(zero_like(value))
    x_bar = transposed.run(lambda y_bar: differentiation.pull_structure(auto_val, y, y_bar), auto_arg)
    tangent = transposed.pull_structure(auto_val, x_bar, v if len(args) > 1 else v[0], "tangent")
    return value, differentiation.value(tangent)


def hvp(f: Function, primals: Any, tangents: Any, /) -> Any:
    """Return H v, the Hessian of f at x times v, at the price of a few gradients.

    The Hessian is symmetric, so H v is the pullback of ∇f applied to v. At a point on a manifold, H is that of `hessian`.

    >>> hvp(lambda x: x**4, 2.0, 10.0)
    480.0
    """
    x, v = _pairs(primals, tangents)
    gradient = grad(f, tuple(range(len(x))) if len(x) > 1 else 0)
    _, pullback = vjp(lambda *args: _in_tangent_space(x if len(x) > 1 else x[0], gradient(*args)), *x)
    return pullback(v if len(x) > 1 else v[0])


def jacobian(f: Function, /, argnums: Argnums = 0) -> Callable[..., Any]:
    """Return the matrix of all partial derivatives, ``result[i][j] = ∂fᵢ/∂xⱼ``.

    The structure of the value is outside, that of the argument inside. Arrays give one array, of
    shape ``(*shape of the value, *shape of the argument)``.

    >>> jacobian(lambda x, y: (x * y, x + y), argnums=(0, 1))(2.0, 3.0)
    ((3.0, 2.0), (1.0, 1.0))
    """

    def derived(*args: Any, **kwargs: Any) -> Any:
        x, of_x = _chosen(f, argnums, args, kwargs)
        differentiation = Differentiation(x)
        return differentiation.derivatives(auto_val, differentiation.run(of_x, auto_arg))

    return derived


def hessian(f: Function, /, argnums: Argnums = 0) -> Callable[..., Any]:
    """Return the matrix of all second derivatives of a function whose value is one real number.

    >>> hessian(lambda p: p[0] ** 2 * p[1])((3.0, 5.0))
    ((10.0, 6.0), (6.0, 0.0))

    At a point on a manifold, H v is the covariant derivative of the gradient along the tangent part of v, and v · H v
    the second derivative of f straight ahead along v.

    >>> from revdiff import UnitVector
    >>> hessian(lambda u: u[0])(UnitVector([1.0, 0.0]))              # cos of the angle, at 0
    array([[ 0.,  0.],
           [ 0., -1.]])
    """
    derived = value_grad_hessian(f, argnums)
    return lambda *args, **kwargs: derived(*args, **kwargs)[2]


def value_grad_hessian(f: Function, /, argnums: Argnums = 0) -> Callable[..., tuple[Any, Any, Any]]:
    """Return x ↦ (f(x), ∇f(x), H(x)).

    >>> value_grad_hessian(lambda x: x**3)(2.0)
    (8.0, 12.0, 12.0)
    """
    both = value_and_grad(f, argnums)

    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        x, of_x = _chosen(both, argnums, args, kwargs)
        differentiation = Differentiation(x)
        value, gradient = differentiation.run(of_x, auto_arg)
        rows = differentiation.derivatives(auto_val, _in_tangent_space(x, gradient))
        return differentiation.value(value), differentiation.value(gradient), rows

    return derived


def _in_tangent_space(x: Any, gradient: Any) -> Any:
    """Return P(x) times the gradient, P(x) held constant, at every point on a manifold in x; the rest as it is."""
    structure = STRUCTURES.find(type(primal(x)))
    if structure is None:
        return gradient
    x, parts = split(x), structure.spread(primal(x), split(gradient))
    projected = {key: _in_tangent_space(part, parts[key]) for key, part in structure.parts(x).items() if key in parts}
    return structure.cotangent(x, projected)


def _all_arguments(f: Function, args: tuple[Any, ...]) -> tuple[Any, Callable[[Any], Any]]:
    if not args:
        msg = "there is nothing to differentiate: give the function's arguments, vjp(f, x, …)"
        raise ArgumentError(msg)
    if len(args) == 1:
        return args[0], f
    require_varying(args)
    return args, lambda x: f(*x)


def _pairs(primals: Any, tangents: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    if type(primals) is not tuple:  # a named tuple is one argument, as every record
        primals, tangents = (primals,), (tangents,)
    if not isinstance(tangents, tuple) or len(tangents) != len(primals):
        many = f" of {len(tangents)}" if isinstance(tangents, tuple) else ""
        msg = f"give a tangent for each argument: {len(primals)} in a tuple; met {describe(tangents)}{many}"
        raise ArgumentError(msg)
    return primals, tangents


def _require_real_scalar(y: Any) -> None:
    value = primal(y)
    if not is_number(value):
        instead = "\n  For a structure of values: jacobian(f)."
    elif np.shape(value) != ():
        instead = f" It has shape {np.shape(value)}.\n  Sum it, or use jacobian(f)."
    elif is_complex(value):
        instead = "\n  Differentiate abs, .real or .imag of it, or use vjp(f, x)."
    else:
        return
    operator = "grad"
    raise ResultError.of(operator, "one real number", value, instead)
