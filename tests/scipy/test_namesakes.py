"""The names of SciPy's modules: each has a place here and SciPy's signature, or says why not."""

from __future__ import annotations

from inspect import isbuiltin, isfunction, ismodule, signature

import numpy as np
import pytest
import scipy.fft
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.stats

import revdiff
from revdiff.scipy import fft, integrate, interpolate, linalg, optimize, signal, stats
from revdiff.scipy._namesakes import full_name
from revdiff.scipy.signal import windows

WHOLE = [
    (linalg, scipy.linalg),
    (signal, scipy.signal),
    (windows, scipy.signal.windows),
    (interpolate, scipy.interpolate),
]
PARTS = [(integrate, scipy.integrate), (optimize, scipy.optimize), (stats, scipy.stats)]


def functions_of(module):
    """Return the names of the functions and classes that a module of SciPy offers."""
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    found = {name: getattr(module, name) for name in names if name != "test"}
    return sorted(name for name, thing in found.items() if callable(thing) and not ismodule(thing))


@pytest.mark.parametrize(("ours", "scipys"), WHOLE)
def test_every_name_is_ruled_constant_or_declined_with_a_reason(ours, scipys):
    constants = getattr(ours, "CONSTANT", "").split()
    for name in functions_of(scipys):
        if scipys is scipy.signal and name in dir(scipy.signal.windows):
            continue  # before SciPy 1.13 the windows stood here as well
        places = name in vars(ours), name in constants, name in ours.DECLINED
        assert sum(places) == 1, f"{scipys.__name__}.{name} has no place, or two"
        assert callable(getattr(ours, name))
    assert all(ours.DECLINED.values())
    with pytest.raises(AttributeError, match=rf"module 'revdiff\.{scipys.__name__}' has no attribute 'nothing'"):
        ours.nothing  # noqa: B018


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("ours", "scipys"), PARTS)
def test_a_module_with_a_part_of_scipys_names_says_which(ours, scipys):
    here = sorted(name for name, thing in vars(ours).items() if not (name.startswith("_") or ismodule(thing)))
    new = {"ConvergenceError", "implicit_function", "cumulative_simpson"}  # the last is in SciPy since 1.12
    assert {name for name in here if not hasattr(scipys, name)} <= new
    for name in {*functions_of(scipys)} - {*here} - {"quadrature"}:  # which SciPy had until 1.14, and is a module here
        with pytest.raises(AttributeError, match=f"^{scipys.__name__}.{name} is not differentiated"):
            getattr(ours, name)
    with pytest.raises(AttributeError, match=rf"nothing does not exist\.\n  Here are:  {', '.join(here)}\."):
        ours.nothing  # noqa: B018


def test_some_names_say_what_to_write_instead():
    with pytest.raises(
        AttributeError, match=r"nquad is not differentiated. Write quad within quad.\n  Here are:  cumul"
    ):
        integrate.nquad  # noqa: B018
    with pytest.raises(
        AttributeError, match=r"To differentiate another solver's result x:  implicit_function\(grad\(f\), x\)"
    ):
        optimize.differential_evolution  # noqa: B018


@pytest.mark.parametrize(("ours", "scipys"), [*WHOLE[:3], (fft, scipy.fft), *PARTS[:2]])
def test_functions_are_called_as_scipys_are(ours, scipys):
    for name in functions_of(scipys):
        function, theirs = vars(ours).get(name), getattr(scipys, name)
        if isfunction(function) and not isbuiltin(theirs):
            its, expected = (signature(f).parameters.values() for f in (function, theirs))
            assert [(p.name, str(p.default)) for p in its] == [(p.name, str(p.default)) for p in expected], name


A, X = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 5.0, 7.0, 6.0])
MATRICES = [
    (linalg, scipy.linalg, name, (A,))
    for name in ["schur", "hessenberg", "ldl", "null_space", "orth", "expm_cond", "matrix_balance"]
]
DECLINED = [
    *MATRICES, (linalg, scipy.linalg, "qz", (A, A)), (linalg, scipy.linalg, "funm", (A, np.exp)),
    (linalg, scipy.linalg, "qr_multiply", (A, A)),
    *[(signal, scipy.signal, name, (X[:3], X[:3])) for name in ("tf2ss", "residue", "tf2sos")],
    *[(signal, scipy.signal, name, (X,)) for name in ("wiener", "cspline1d")],
    (interpolate, scipy.interpolate, "UnivariateSpline", (X[:4], X[:4])),
    (interpolate, scipy.interpolate, "lagrange", (X[:3], X[:3])),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:`lagrange` is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("ours", "scipys", "name", "args"), DECLINED, ids=[name for _, _, name, _ in DECLINED])
def test_a_declined_function_takes_plain_values_and_says_why_it_takes_no_others(ours, scipys, name, args):
    getattr(ours, name)(*args)
    with pytest.raises(revdiff.MissingRuleError) as error:
        getattr(ours, name)(revdiff.init_diff(args[0]), *args[1:])
    assert f"no derivative rule for {full_name(getattr(scipys, name))}. {ours.DECLINED[name]}" in str(error.value)


def test_an_option_of_a_declined_function_is_looked_at_too():
    with pytest.raises(revdiff.MissingRuleError, match=r"signal\.windows"):
        signal.get_window(("gaussian", revdiff.init_diff(1.0)), 5)
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy\.signal\.windows\.taylor\. Its parameter is a constant"):
        windows.taylor(5, sll=revdiff.init_diff(30.0))
