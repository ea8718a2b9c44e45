"""SciPy's own functions with RevDiffs: a right derivative, or an error that names the function, never a wrong number."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
import scipy.cluster.hierarchy
import scipy.cluster.vq
import scipy.fft
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.ndimage
import scipy.optimize
import scipy.signal
import scipy.sparse
import scipy.sparse.linalg
import scipy.spatial.distance
import scipy.special
import scipy.stats

import revdiff
from revdiff import ConversionError, MissingRuleError, UnsupportedValueError, grad, init_diff
from tests.oracles import assert_array_rule
from tests.scipy.battery import SCIPY

V = np.array([1.0, 2.0, 4.0])
M = np.array([[3.0, 1.0, 0.0], [1.0, 4.0, 1.0], [0.0, 1.0, 5.0]])
SPARSE = scipy.sparse.csr_array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]])
cluster, fft, integrate, interpolate, linalg, ndimage, optimize, signal, sparse, spatial, special, stats = (
    scipy.cluster, scipy.fft, scipy.integrate, scipy.interpolate, scipy.linalg, scipy.ndimage, scipy.optimize, scipy.signal,
    scipy.sparse, scipy.spatial, scipy.special, scipy.stats,
)  # fmt: skip

REFUSED = """
    linalg.solve(m, V);  linalg.solve(M, v);  linalg.inv(m);  linalg.pinv(m);  linalg.det(m);  linalg.expm(m);
    linalg.logm(m);  linalg.cholesky(m);  linalg.eigh(m);  linalg.svd(m);  linalg.lu(m);  linalg.qr(m);  linalg.norm(m);
    linalg.solve_triangular(M, v);  linalg.toeplitz(v);  linalg.solve([[s, 1.0], [0.0, 1.0]], [1.0, 2.0]);
    stats.norm.pdf(s);  stats.norm.logpdf(v);  stats.norm(0, 1).cdf(s);  stats.norm(s).pdf(0.3);
    stats.gamma.cdf(v, 2.0);  stats.poisson.pmf(2, s);  stats.multivariate_normal.pdf(v, np.zeros(3), M);
    stats.ttest_ind(v, V);  stats.skew(v);  stats.zscore(v);  stats.pearsonr(v, V);  stats.entropy(v);
    stats.gaussian_kde(v);
    signal.convolve(v, V);  signal.fftconvolve(v, V);  signal.lfilter(v, [1.0], V);  signal.hilbert(v);
    signal.detrend(v);  signal.savgol_filter(v, 3, 1);  signal.correlate2d(m, M);
    integrate.quad(lambda x: x, 0, s);  integrate.quad(lambda x: x * s, 0, 1);  integrate.simpson(v);
    integrate.cumulative_trapezoid(v);  integrate.odeint(lambda y, t: -y, v, [0, 1]);
    integrate.solve_ivp(lambda t, y: -y, (0, 1), v);  integrate.solve_ivp(lambda t, y: -y * s, (0, 1), V);
    optimize.root(lambda x: x - 1, s);  optimize.minimize(lambda x: (x**2).sum(), v);
    optimize.minimize_scalar(lambda x: (x - s) ** 2);  optimize.newton(lambda x: x * x - 2, s);
    optimize.fixed_point(np.cos, s);  optimize.least_squares(lambda x: x, v);
    optimize.curve_fit(lambda x, a: a * x, V, v);
    interpolate.CubicSpline(V, v);  interpolate.CubicSpline(V, V)(s);  interpolate.interp1d(V, v);
    interpolate.PchipInterpolator(V, v);  interpolate.make_interp_spline(V, v, 1);  interpolate.griddata(m, v, M);
    ndimage.gaussian_filter(m, 1);  ndimage.convolve(m, M);  ndimage.rotate(m, 3);  ndimage.map_coordinates(m, M[:2]);
    spatial.distance.cdist(m, M);  spatial.distance.pdist(m);  spatial.distance.euclidean(v, V);
    spatial.distance.cosine(v, V);  spatial.KDTree(m);
    cluster.vq.whiten(m);  cluster.vq.kmeans(m, 2);  cluster.hierarchy.linkage(m);
    sparse.linalg.spsolve(sparse.csc_array(M), v);  sparse.linalg.cg(M, v);  sparse.linalg.expm_multiply(M, v);
    fft.fft(v);  fft.rfft(v);  fft.dct(v);  fft.fft2(m);
    special.logsumexp(v);  special.softmax(v);  special.polygamma(1, v);  special.multigammaln(s + 3, 2);
    special.comb(s + 5, 2);  special.factorial(v);  special.diric(v, 3);  special.roots_jacobi(3, s, s);
"""
"""What a user would write, with a float s, a vector v and a matrix m among which are RevDiffs."""

# fmt: off
SWALLOWED = {
    # SciPy's C code converts, and raises an error of its own in place of ours.
    "the function of root": (lambda s: optimize.root(lambda x: x * s - 1, 1.0), Exception, "not a proper array of floats"),
    "the function of brentq": (lambda s: optimize.brentq(lambda x: x - s, 0, 1), SystemError, "with an exception set"),
    "the bracket of brentq": (lambda s: optimize.brentq(lambda x: x - 0.1, 0, s), RuntimeError, "Unable to parse"),
    "the function of minimize": (lambda s: optimize.minimize(lambda x: (x**2).sum() * s, V), ValueError, "a scalar value"),
    "the points of a hull": (lambda s: spatial.ConvexHull(init_diff(M)), ValueError, "array element with a sequence"),
    "the entries of a sparse array": (lambda s: sparse.csr_array(init_diff(M)), ValueError, "csr_(array|matrix) constructor"),
}
# fmt: on


@pytest.mark.parametrize("call", [call.strip() for call in REFUSED.split(";") if call.strip()])
def test_a_function_that_converts_is_named_together_with_the_one_to_write_instead(call):
    name = call
    while "(" in name:  # of linalg.solve(m, V) and stats.norm(0, 1).cdf(s), what stands outside of parentheses
        name = re.sub(r"\([^()]*\)", "", name)
    with pytest.raises(ConversionError) as error:
        eval(call, globals() | {"s": init_diff(0.7), "v": init_diff(V), "m": init_diff(M)})
    first, way, last = str(error.value).split("\n")
    assert first.startswith(f"scipy.{name} met a RevDiff; ")
    assert first.endswith(" in it would drop the derivative.")
    package, _, rest = name.partition(".")
    if f"revdiff.scipy.{name}" in way:
        ours = import_module(f"revdiff.scipy.{package}")
        for part in rest.split("."):
            ours = getattr(ours, part)
        assert way == f"  To differentiate:      revdiff.scipy.{name}"
    else:
        assert (
            way == "  revdiff has no derivative for it.  To write one:  @revdiff.primitive (docs: Writing a primitive)"
        )
    assert last == "  For the number alone:  revdiff.primal(r) instead of r."


@pytest.mark.parametrize("what", SWALLOWED)
@pytest.mark.filterwarnings("ignore")
def test_where_scipy_raises_an_error_of_its_own_there_is_an_error_at_least(what):
    call, kind, text = SWALLOWED[what]
    with pytest.raises(kind, match=text):
        call(init_diff(0.7))


def test_functions_of_special_that_revdiff_has_are_offered():
    with pytest.raises(ConversionError, match=r"To differentiate: +revdiff\.scipy\.special\.logsumexp\n"):
        special.logsumexp(init_diff(V))


def test_a_function_inside_a_function_of_scipy_is_named_itself():
    def f(x):
        return linalg.norm(init_diff(x))

    with pytest.raises(ConversionError, match=r"^scipy\.linalg\.norm met a RevDiff"):
        optimize.minimize(f, V)


def test_conversions_that_no_function_of_scipy_asks_for_are_refused_as_before():
    with pytest.raises(ConversionError, match=r"^float\(\) of a RevDiff would drop its derivative\.\n  In a formula"):
        float(init_diff(1.0))


def test_arrays_of_revdiffs_are_made_as_before():
    r = init_diff(1.0)
    a = np.array([r, r])
    assert a.dtype == object
    assert a[0] is r
    assert not hasattr(r, "__array_interface__")
    with pytest.raises(AttributeError):
        r.__array_interface__  # noqa: B018


def test_numpys_functions_in_python_may_be_asked_by_anybody_but_scipy():
    r = init_diff(1.0)
    assert np.asarray_chkfinite(np.array([r], object))[0] is r
    assert np.vectorize(lambda x: x * x, otypes=[object])([r])[0].value == 1.0


def test_what_scipy_computes_with_numpys_functions_has_its_derivative():
    assert_array_rule(fft.fftshift, V, wide=float)
    assert_array_rule(lambda x: special.jvp(1, x), V, wide=float)
    assert_array_rule(special.legendre(2), V, wide=float)
    assert_array_rule(lambda q: special.zeta(3.0, q), V, wide=float)


def test_an_elementwise_function_inside_scipy_is_named_without_its_underscore():
    with pytest.raises(MissingRuleError, match=r"no derivative rule for scipy\.special\.ellip_harm\."):
        special.ellip_harm(5, 8, 1, 1, init_diff(0.7))


# --------------------------------------------------------------------------------- sparse matrices


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil"])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csr_matrix])
def test_a_product_with_a_sparse_matrix_has_all_derivatives(form, kind):
    a = kind(SPARSE).asformat(form)
    assert_array_rule(lambda x: a @ x, V, wide=float)
    assert_array_rule(lambda x: a @ x, M, wide=float)
    assert_array_rule(lambda x: x @ a, V[:2], wide=float)
    assert_array_rule(lambda x: x @ a, M[:, :2], wide=float)


@pytest.mark.skipif(SCIPY < (1, 13), reason="sparse vectors are new in SciPy 1.13")
def test_a_product_with_a_sparse_vector_is_declined():
    with pytest.raises(MissingRuleError, match="a product with a coo_array of 1 dimension"):
        sparse.coo_array(V) @ init_diff(M)


def test_the_method_dot_of_a_sparse_matrix_has_its_derivative():
    np.testing.assert_array_equal(grad(lambda x: SPARSE.dot(x)[0])(V), [1, 0, 2])
    np.testing.assert_array_equal(grad(lambda x: scipy.sparse.csr_matrix(SPARSE).dot(x)[1])(V), [0, 3, 0])


def test_complex_and_single_numbers_keep_their_kind():
    gradient = grad(lambda x: (SPARSE * (1 + 2j) @ x).sum().real)(V)
    assert gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, [1, 3, 2])
    assert grad(lambda x: (SPARSE.astype(np.float32) @ x).sum())(V.astype(np.float32)).dtype == np.float32


def test_a_sparse_matrix_that_is_changed_later_was_kept():
    a = SPARSE.copy()
    y = a @ init_diff(V)
    a.data[:] = 0
    np.testing.assert_array_equal(y.backprop(np.ones(2)), [1, 3, 2])


@pytest.mark.parametrize(
    "operation", [lambda a, r: a * r, lambda a, r: a.multiply(r), lambda a, r: scipy.sparse.csr_matrix(a) * r]
)
def test_elementwise_operations_of_a_sparse_matrix_are_refused_by_name(operation):
    with pytest.raises(ConversionError, match=r"^(scipy\.sparse\.csr_(array|matrix)\.\w+ met|view\(\) of) a RevDiff"):
        operation(SPARSE, init_diff(V))


@pytest.mark.parametrize(
    "operation",
    [lambda a, r: r * a, lambda a, r: r + a, lambda a, r: a + r, lambda a, r: r * scipy.sparse.csr_matrix(a)],
)
def test_elementwise_operations_with_a_sparse_matrix_are_refused_with_a_way_out(operation):
    with pytest.raises(UnsupportedValueError, match=r"has no derivative\.\n.*numbers: +\.toarray\(\)"):
        operation(SPARSE, init_diff(M[:2]))


def test_a_product_with_something_that_is_not_sparse_is_as_before():
    np.testing.assert_array_equal(grad(lambda x: (M @ x).sum())(V), M.sum(axis=0))
    with pytest.raises(ValueError, match="Scalar operands are not allowed"):
        SPARSE @ init_diff(2.0)


def test_scipy_is_noticed_when_a_derivative_begins_and_never_imported():
    code = (
        "import sys, revdiff\n"
        "revdiff.init_diff(1.0)\n"
        "assert 'scipy' not in sys.modules\n"
        "import scipy.linalg\n"
        "try: scipy.linalg.det(revdiff.init_diff([[1.0]]))\n"
        "except revdiff.RevDiffError as e: print(str(e).split(' met')[0])\n"
        "print(revdiff.grad(lambda r: scipy.linalg.__name__ and r * r)(3.0))"
    )
    out = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["scipy.linalg.det", "6.0"]
    assert revdiff.primal(3.0) == 3.0


@pytest.mark.parametrize("name", ["lu", "polar", "expm", "solve_sylvester"])
def test_a_structure_is_refused_under_scipys_name(name):
    function = getattr(import_module("revdiff.scipy.linalg"), name)
    with pytest.raises(UnsupportedValueError, match=rf"^scipy\.linalg\.{name} of a RevDiff that holds a list"):
        function(init_diff([[1.0, 2.0], [3.0, 4.0]]), *[np.eye(2)] * 2 * (name == "solve_sylvester"))


def test_without_scipy_the_error_says_how_to_install_it():
    code = (
        "import sys\n"
        "sys.modules['scipy'] = None\n"
        "import revdiff\n"
        "for statement in ('import revdiff.scipy.linalg', 'from revdiff.scipy import special', 'revdiff.scipy'):\n"
        "    try: exec(statement)\n"
        "    except ImportError as e: print(repr(str(e)), e.name)\n"
        "print(revdiff.grad(revdiff.sin)(0.0))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    message = repr('revdiff.scipy needs SciPy.\n  To install it:  pip install "revdiff[scipy]"') + " scipy"
    assert out.stdout.splitlines() == [message] * 3 + ["1.0"]


@pytest.mark.parametrize(
    "module", ["fft", "integrate", "interpolate", "linalg", "optimize", "signal", "special", "stats"]
)
def test_a_module_imports_no_more_of_scipy_than_its_namesake(module):
    code = (
        f"import sys, scipy.{module}\n"
        "theirs = set(sys.modules)\n"
        f"import revdiff.scipy.{module}\n"
        "print(*[m for m in sys.modules if m.startswith('scipy.') and m not in theirs])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in out.stdout.split() if not name.startswith("scipy._")] == []


@pytest.mark.parametrize("name", ["polygamma", "sinc", "spherical_jn", "multigammaln", "softplus", "gammaln"])
def test_special_functions_take_and_give_what_scipys_do(name):
    ours = getattr(import_module("revdiff.scipy.special"), name)
    theirs = getattr(special, name, None)
    if theirs is None:
        pytest.skip("not in this SciPy")
    args = {"polygamma": {"n": 1, "x": 2.5}, "spherical_jn": {"n": 1, "z": 2.5}, "multigammaln": {"a": 2.5, "d": 2}}
    named = args.get(name, {"x": 2.5})
    for how in ((named.values(), {}), ((), named)) if name != "gammaln" else ((named.values(), {}),):
        assert ours(*how[0], **how[1]) == theirs(*how[0], **how[1])
        assert type(ours(*how[0], **how[1])) is type(theirs(*how[0], **how[1]))
