"""What a type checker sees of the public functions: `mypy` and `pyright` read this file, and pytest runs it.

Nested derivatives outgrow every type system, so what stands inside a derivative is `Any`. Exact at the
edge are the shapes: what takes how many arguments, what returns a pair, what returns a function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, assert_type

import revdiff as rd


def product(x: Any, y: Any) -> Any:
    return x * y


def square(x: Any) -> Any:
    return x * x


def test_a_variable_is_a_revdiff_with_two_fields() -> None:
    x = assert_type(rd.init_diff(3.0), rd.RevDiff)
    assert_type(x.value, Any)
    assert_type(x.backprop, rd.Pullback)
    assert_type(rd.const_diff(3.0), rd.RevDiff)
    assert_type(rd.primal(x), Any)


def test_pullbacks_are_called_composed_and_added() -> None:
    x = rd.init_diff(3.0)
    assert_type(x.backprop(1.0), Any)
    assert_type(x.backprop @ (lambda ct: ct * 2.0), rd.Pullback)
    assert_type(x.backprop + x.backprop, rd.Pullback)


def test_a_revdiff_computes_with_everything() -> None:
    x = rd.init_diff(3.0)
    for y in (x + 1, 1 + x, x - x, 2.0 * x, x / 2, 1 / x, x**2, 2**x, -x, abs(x), x % 2):
        assert_type(y, Any)
    assert_type(x.sin(), Any)


def test_a_revdiff_is_written_by_hand_with_a_pullback_or_a_function() -> None:
    x = rd.init_diff(3.0)
    assert_type(rd.RevDiff(9.0, x.backprop @ (lambda ct: ct * 6.0)), rd.RevDiff)
    assert_type(rd.RevDiff(9.0, lambda ct: ct * 6.0), rd.RevDiff)


def test_functions_take_and_return_every_kind_of_number() -> None:
    assert_type(rd.sin, Callable[[Any], Any])
    assert_type(rd.exp(0.0), Any)
    assert_type(rd.atan2(0.0, 1.0), Any)
    assert_type(rd.where(True, 0.0, 1.0), Any)


def test_derivatives_of_one_argument() -> None:
    assert_type(rd.simple_derivative(square), Callable[[Any], Any])
    assert_type(rd.simple_derivative(rd.simple_derivative(square)), Callable[[Any], Any])
    assert_type(rd.simple_value_and_derivative(square), Callable[[Any], tuple[Any, Any]])
    assert_type(rd.nth_derivative(square, 2), Callable[[Any], Any])
    assert_type(rd.derivative_op(square, 3.0), Callable[[Any], Any])


def test_derivatives_of_several_arguments_take_as_many() -> None:
    assert_type(rd.two_args_derivative(product), Callable[[Any, Any], tuple[Any, Any]])
    assert_type(rd.two_args_derivative_over_x(product), Callable[[Any, Any], Any])
    assert_type(rd.args_derivative(product), Callable[..., tuple[Any, ...]])
    assert_type(rd.partial_derivative(product, 1), Callable[..., Any])
    by_x, by_y = rd.two_args_derivative(product)(2.0, 3.0)
    assert (by_x, by_y) == (3.0, 2.0)


def test_gradients_and_their_kin() -> None:
    assert_type(rd.grad(product, argnums=(0, 1)), Callable[..., Any])
    assert_type(rd.grad(product, argnums="y", has_aux=False), Callable[..., Any])
    assert_type(rd.value_and_grad(square), Callable[..., tuple[Any, Any]])
    assert_type(rd.jacobian(square), Callable[..., Any])
    assert_type(rd.hessian(square), Callable[..., Any])
    assert_type(rd.value_grad_hessian(square), Callable[..., tuple[Any, Any, Any]])


def test_linear_maps_come_with_the_value() -> None:
    value, pullback = assert_type(rd.vjp(square, 3.0), tuple[Any, Callable[[Any], Any]])
    assert_type(pullback(1.0), Any)
    assert_type(rd.jvp(square, 3.0, 1.0), tuple[Any, Any])
    assert_type(rd.hvp(square, 3.0, 1.0), Any)
    assert value == 9.0


def test_descriptors_fit_the_general_operator() -> None:
    assert_type(rd.custom_arg_val_derivative(rd.tuple_arg, rd.scalar_val, lambda p: p[0] * p[1]), Callable[[Any], Any])
    assert_type(rd.custom_arg_derivative(rd.mk_tuple_arg(rd.scalar_arg, rd.array_arg), square), Callable[[Any], Any])
    assert_type(rd.custom_val_derivative(rd.mk_tuple_val(rd.auto_val, rd.scalar_val), square), Callable[[Any], Any])


def test_primitives_are_functions() -> None:
    @rd.primitive
    def halved(x: Any) -> tuple[Any, Callable[[Any], Any]]:
        return x / 2, lambda ct: ct / 2

    assert_type(halved, rd.Primitive)
    assert_type(halved >> square, rd.Chain)
    assert_type(square >> halved, rd.Chain)
    assert_type(rd.from_derivative(square, lambda x: 2 * x), rd.Primitive)
    assert_type(rd.call(square), Callable[[Any], Any])


def test_a_function_of_revdiffs_is_a_differentiable_func() -> None:
    def cube(x: rd.RevDiff, /) -> rd.RevDiff:
        return rd.RevDiff(x.value**3, x.backprop @ (lambda ct: ct * 3 * x.value**2))

    differentiable: rd.DifferentiableFunc = cube
    assert_type(differentiable(rd.init_diff(2.0)), rd.RevDiff)


def test_lenses_are_pairs_of_functions() -> None:
    lens = assert_type(rd.to_lens(square), rd.Lens)
    assert_type(lens.get, Callable[[Any], Any])
    assert_type(lens.set, Callable[[Any, Any], Any])
    assert_type(lens >> lens, rd.Lens)
    assert_type(rd.from_lens(lens), Callable[[Any], Any])


def test_symbolic_names_are_seen_although_they_are_imported_late() -> None:
    assert_type(rd.simplify(rd.variable("x") + rd.number(0)), Any)
    assert_type(rd.symbolic_func("f")(1), Any)


def test_a_module_or_a_mapping_holds_the_functions_of_a_number_system() -> None:
    class Money:
        pass

    assert_type(rd.register_number_system(Money, {"sqrt": square}, zero=lambda x: Money()), None)


def test_streams_know_the_type_of_their_elements() -> None:
    stream: rd.Stream[float] = rd.Stream.repeat(1.0)
    assert_type(stream.head, float)
    assert_type(stream.tail, rd.Stream[float])
    assert_type(stream.take(3), list[float])
    finite: rd.FiniteSupportStream[float] = rd.FiniteSupportStream([1.0])
    assert_type(finite.head, float)
    assert_type(finite.drop(1), rd.FiniteSupportStream[float])


def test_descriptors_are_called_with_descriptors_for_the_parts() -> None:
    argument = rd.tuple_arg(rd.vector_arg(rd.scalar_arg), rd.stream_arg())
    value = rd.mapping_val(rd.array_val, name=rd.optional_val(rd.scalar_val))
    assert_type(rd.custom_arg_val_derivative(argument, value, square), Callable[[Any], Any])
    assert_type(rd.stream_arg_derivative(square), Callable[[Any], Any])


def test_structures_come_apart_and_go_together() -> None:
    r = rd.init_diff({"w": 1.0, "b": [2.0]})
    assert_type(rd.split(r), Any)
    assert_type(rd.join(rd.split(r)), Any)
    assert_type(rd.zero_like({"w": 1.0}), Any)


def test_every_error_is_a_revdiff_error_and_a_built_in_one() -> None:
    errors: list[type[rd.RevDiffError]] = [rd.ArgumentError, rd.ConversionError, rd.ParseError, rd.ResultError]
    for error in errors:
        assert issubclass(error, TypeError | ValueError)


if TYPE_CHECKING:
    # Each line is an error to the checker; were it none, its comment would be reported as unused.
    rd.grad(3.0)  # type: ignore[arg-type]
    rd.grad(square, 0, True)  # type: ignore[call-arg]
    rd.value_and_grad(square, argnums=1.5)  # type: ignore[arg-type]
    rd.nth_derivative(square)  # type: ignore[call-arg]
    rd.RevDiff(3.0)  # type: ignore[call-arg]
    rd.RevDiff(3.0, 1.0)  # type: ignore[arg-type]
    rd.init_diff(3.0).backprop @ 2.0  # type: ignore[operator]
    rd.custom_arg_val_derivative(rd.tuple_val, rd.tuple_val, square)  # type: ignore[arg-type]
    rd.two_args_derivative(product)(2.0)  # type: ignore[call-arg]
    rd.sin(1.0, 2.0)  # type: ignore[call-arg]
