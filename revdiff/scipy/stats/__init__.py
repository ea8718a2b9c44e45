"""`scipy.stats` with derivatives: densities, distribution functions, quantiles and moments, and statistics of samples.

Called as SciPy's are: ``norm.logpdf(x, loc, scale)`` or ``norm(loc, scale).logpdf(x)``. Outside of its support a density is
0, its logarithm -inf, and the derivatives of both are 0.
"""

from typing import Any

from scipy import stats as _scipys

from revdiff.scipy.stats.multivariate import dirichlet as dirichlet
from revdiff.scipy.stats.multivariate import multinomial as multinomial
from revdiff.scipy.stats.multivariate import multivariate_normal as multivariate_normal
from revdiff.scipy.stats.multivariate import multivariate_t as multivariate_t
from revdiff.scipy.stats.multivariate import wishart as wishart
from revdiff.scipy.stats.samples import entropy as entropy
from revdiff.scipy.stats.samples import gaussian_kde as gaussian_kde
from revdiff.scipy.stats.samples import gmean as gmean
from revdiff.scipy.stats.samples import gstd as gstd
from revdiff.scipy.stats.samples import gzscore as gzscore
from revdiff.scipy.stats.samples import hmean as hmean
from revdiff.scipy.stats.samples import kurtosis as kurtosis
from revdiff.scipy.stats.samples import moment as moment
from revdiff.scipy.stats.samples import pearsonr as pearsonr
from revdiff.scipy.stats.samples import pmean as pmean
from revdiff.scipy.stats.samples import sem as sem
from revdiff.scipy.stats.samples import skew as skew
from revdiff.scipy.stats.samples import variation as variation
from revdiff.scipy.stats.samples import zmap as zmap
from revdiff.scipy.stats.samples import zscore as zscore
from revdiff.scipy.stats.univariate import bernoulli as bernoulli
from revdiff.scipy.stats.univariate import beta as beta
from revdiff.scipy.stats.univariate import binom as binom
from revdiff.scipy.stats.univariate import cauchy as cauchy
from revdiff.scipy.stats.univariate import chi2 as chi2
from revdiff.scipy.stats.univariate import expon as expon
from revdiff.scipy.stats.univariate import f as f
from revdiff.scipy.stats.univariate import gamma as gamma
from revdiff.scipy.stats.univariate import geom as geom
from revdiff.scipy.stats.univariate import gumbel_l as gumbel_l
from revdiff.scipy.stats.univariate import gumbel_r as gumbel_r
from revdiff.scipy.stats.univariate import halfnorm as halfnorm
from revdiff.scipy.stats.univariate import invgamma as invgamma
from revdiff.scipy.stats.univariate import laplace as laplace
from revdiff.scipy.stats.univariate import logistic as logistic
from revdiff.scipy.stats.univariate import lognorm as lognorm
from revdiff.scipy.stats.univariate import nbinom as nbinom
from revdiff.scipy.stats.univariate import norm as norm
from revdiff.scipy.stats.univariate import pareto as pareto
from revdiff.scipy.stats.univariate import poisson as poisson
from revdiff.scipy.stats.univariate import rayleigh as rayleigh
from revdiff.scipy.stats.univariate import skewnorm as skewnorm
from revdiff.scipy.stats.univariate import t as t
from revdiff.scipy.stats.univariate import truncnorm as truncnorm
from revdiff.scipy.stats.univariate import uniform as uniform
from revdiff.scipy.stats.univariate import vonmises as vonmises
from revdiff.scipy.stats.univariate import weibull_min as weibull_min

__all__ = [
    "bernoulli",
    "beta",
    "binom",
    "cauchy",
    "chi2",
    "dirichlet",
    "entropy",
    "expon",
    "f",
    "gamma",
    "gaussian_kde",
    "geom",
    "gmean",
    "gstd",
    "gumbel_l",
    "gumbel_r",
    "gzscore",
    "halfnorm",
    "hmean",
    "invgamma",
    "kurtosis",
    "laplace",
    "logistic",
    "lognorm",
    "moment",
    "multinomial",
    "multivariate_normal",
    "multivariate_t",
    "nbinom",
    "norm",
    "pareto",
    "pearsonr",
    "pmean",
    "poisson",
    "rayleigh",
    "sem",
    "skew",
    "skewnorm",
    "t",
    "truncnorm",
    "uniform",
    "variation",
    "vonmises",
    "weibull_min",
    "wishart",
    "zmap",
    "zscore",
]


def __getattr__(name: str) -> Any:
    there = "is not differentiated" if hasattr(_scipys, name) else "does not exist"
    msg = f"scipy.stats.{name} {there}.\n  Here are:  {', '.join(__all__)}."
    raise AttributeError(msg, name=name)
