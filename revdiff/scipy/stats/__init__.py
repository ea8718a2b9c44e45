"""`scipy.stats` with derivatives: densities, distribution functions, quantiles and moments, and statistics of samples.

Called as SciPy's are: ``norm.logpdf(x, loc, scale)`` or ``norm(loc, scale).logpdf(x)``. Outside of its support a density is
0, its logarithm -inf, and the derivatives of both are 0.
"""

# isort: off
# fmt: off
from scipy import stats as _scipys

from revdiff.scipy._namesakes import absent as _absent
from revdiff.scipy.stats.multivariate import (
    dirichlet as dirichlet, multinomial as multinomial, multivariate_normal as multivariate_normal,
    multivariate_t as multivariate_t, wishart as wishart,
)
from revdiff.scipy.stats.samples import (
    entropy as entropy, gaussian_kde as gaussian_kde, gmean as gmean, gstd as gstd, gzscore as gzscore, hmean as hmean,
    kurtosis as kurtosis, moment as moment, pearsonr as pearsonr, pmean as pmean, sem as sem, skew as skew,
    variation as variation, zmap as zmap, zscore as zscore,
)
from revdiff.scipy.stats.univariate import (
    bernoulli as bernoulli, beta as beta, binom as binom, cauchy as cauchy, chi2 as chi2, expon as expon, f as f,
    gamma as gamma, geom as geom, gumbel_l as gumbel_l, gumbel_r as gumbel_r, halfnorm as halfnorm,
    invgamma as invgamma, laplace as laplace, logistic as logistic, lognorm as lognorm, nbinom as nbinom, norm as norm,
    pareto as pareto, poisson as poisson, rayleigh as rayleigh, skewnorm as skewnorm, t as t, truncnorm as truncnorm,
    uniform as uniform, vonmises as vonmises, weibull_min as weibull_min,
)
# isort: on
# fmt: on

__getattr__ = _absent(_scipys, globals())
