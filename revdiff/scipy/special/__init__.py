"""SciPy's special functions with derivatives of every order, under SciPy's names and signatures.

    scipy.special.jv(0, r)              works on a RevDiff as it is: SciPy's elementwise functions ask it
    revdiff.scipy.special.jv(0, r)      is the same
    revdiff.scipy.special.logsumexp(r)  has no such namesake that works: SciPy writes it in Python

Derivatives are by the arguments, and by those parameters of which they have a formula. A RevDiff as another parameter is a
`MissingRuleError` that names it: the order of a Bessel function, say. The functions of plain numbers are SciPy's.

>>> import scipy.special
>>> from revdiff import grad
>>> grad(lambda x: scipy.special.jv(0, x))(1.0)    # -J₁(1)
-0.44005058574493355
>>> grad(xlogy, argnums=(0, 1))(0.0, 0.0)    # 0 log 0 is 0
(-inf, 0.0)
"""

# isort: off
# fmt: off
# These have no derivative here; a RevDiff in one is an error that says why.
from scipy.special import (
    bdtrik as bdtrik, bdtrin as bdtrin, btdtria as btdtria, btdtrib as btdtrib, chdtriv as chdtriv,
    chndtridf as chndtridf, fdtridfd as fdtridfd, gdtrib as gdtrib, mathieu_a as mathieu_a, mathieu_b as mathieu_b,
    nbdtrik as nbdtrik, nbdtrin as nbdtrin, ncfdtridfd as ncfdtridfd, ncfdtridfn as ncfdtridfn, nctdtridf as nctdtridf,
    obl_cv as obl_cv, pdtrik as pdtrik, pro_cv as pro_cv, stdtridf as stdtridf,
)

from revdiff.scipy.special import logarithms as _logarithms
from revdiff.scipy.special.bessel import (
    h1vp as h1vp, h2vp as h2vp, hankel1 as hankel1, hankel1e as hankel1e, hankel2 as hankel2, hankel2e as hankel2e,
    i0 as i0, i0e as i0e, i1 as i1, i1e as i1e, iv as iv, ive as ive, ivp as ivp, j0 as j0, j1 as j1, jn as jn,
    jv as jv, jve as jve, jvp as jvp, k0 as k0, k0e as k0e, k1 as k1, k1e as k1e, kn as kn, kv as kv, kve as kve,
    kvp as kvp, spherical_in as spherical_in, spherical_jn as spherical_jn, spherical_kn as spherical_kn,
    spherical_yn as spherical_yn, y0 as y0, y1 as y1, yn as yn, yv as yv, yve as yve, yvp as yvp,
)
from revdiff.scipy.special.cylinder_functions import (
    airy as airy, airye as airye, bei as bei, beip as beip, ber as ber, berp as berp, besselpoly as besselpoly,
    it2i0k0 as it2i0k0, it2j0y0 as it2j0y0, it2struve0 as it2struve0, itairy as itairy, iti0k0 as iti0k0,
    itj0y0 as itj0y0, itmodstruve0 as itmodstruve0, itstruve0 as itstruve0, kei as kei, keip as keip, kelvin as kelvin,
    ker as ker, kerp as kerp, log_wright_bessel as log_wright_bessel, modstruve as modstruve, struve as struve,
    wright_bessel as wright_bessel,
)
from revdiff.scipy.special.distributions import (
    bdtr as bdtr, bdtrc as bdtrc, bdtri as bdtri, chdtr as chdtr, chdtrc as chdtrc, chdtri as chdtri, chndtr as chndtr,
    chndtrinc as chndtrinc, chndtrix as chndtrix, fdtr as fdtr, fdtrc as fdtrc, fdtri as fdtri, gdtr as gdtr,
    gdtrc as gdtrc, gdtria as gdtria, gdtrix as gdtrix, kolmogi as kolmogi, kolmogorov as kolmogorov, nbdtr as nbdtr,
    nbdtrc as nbdtrc, nbdtri as nbdtri, ncfdtr as ncfdtr, ncfdtri as ncfdtri, ncfdtrinc as ncfdtrinc, nctdtr as nctdtr,
    nctdtrinc as nctdtrinc, nctdtrit as nctdtrit, nrdtrimn as nrdtrimn, nrdtrisd as nrdtrisd, pdtr as pdtr,
    pdtrc as pdtrc, pdtri as pdtri, smirnov as smirnov, smirnovi as smirnovi, stdtr as stdtr, stdtrit as stdtrit,
    tklmbda as tklmbda,
)
from revdiff.scipy.special.elliptic import (
    agm as agm, ellipe as ellipe, ellipeinc as ellipeinc, ellipj as ellipj, ellipk as ellipk, ellipkinc as ellipkinc,
    ellipkm1 as ellipkm1, elliprc as elliprc, elliprd as elliprd, elliprf as elliprf, elliprg as elliprg,
    elliprj as elliprj,
)
from revdiff.scipy.special.error_functions import (
    dawsn as dawsn, erf as erf, erfc as erfc, erfcinv as erfcinv, erfcx as erfcx, erfi as erfi, erfinv as erfinv,
    fresnel as fresnel, log_ndtr as log_ndtr, modfresnelm as modfresnelm, modfresnelp as modfresnelp, ndtr as ndtr,
    ndtri as ndtri, ndtri_exp as ndtri_exp, owens_t as owens_t, voigt_profile as voigt_profile, wofz as wofz,
)
from revdiff.scipy.special.gamma_functions import (
    beta as beta, betainc as betainc, betaincc as betaincc, betainccinv as betainccinv, betaincinv as betaincinv,
    betaln as betaln, binom as binom, comb as comb, digamma as digamma, factorial as factorial, gamma as gamma,
    gammainc as gammainc, gammaincc as gammaincc, gammainccinv as gammainccinv, gammaincinv as gammaincinv,
    gammaln as gammaln, gammasgn as gammasgn, loggamma as loggamma, multigammaln as multigammaln, perm as perm,
    poch as poch, polygamma as polygamma, psi as psi, rgamma as rgamma,
)
from revdiff.scipy.special.hypergeometric import (
    hyp0f1 as hyp0f1, hyp1f1 as hyp1f1, hyp2f1 as hyp2f1, hyperu as hyperu, lambertw as lambertw,
    mathieu_cem as mathieu_cem, mathieu_modcem1 as mathieu_modcem1, mathieu_modcem2 as mathieu_modcem2,
    mathieu_modsem1 as mathieu_modsem1, mathieu_modsem2 as mathieu_modsem2, mathieu_sem as mathieu_sem,
    obl_ang1 as obl_ang1, obl_ang1_cv as obl_ang1_cv, obl_rad1 as obl_rad1, obl_rad1_cv as obl_rad1_cv,
    obl_rad2 as obl_rad2, obl_rad2_cv as obl_rad2_cv, pbdv as pbdv, pbvv as pbvv, pbwa as pbwa, pro_ang1 as pro_ang1,
    pro_ang1_cv as pro_ang1_cv, pro_rad1 as pro_rad1, pro_rad1_cv as pro_rad1_cv, pro_rad2 as pro_rad2,
    pro_rad2_cv as pro_rad2_cv, wrightomega as wrightomega,
)
from revdiff.scipy.special.integrals import (
    exp1 as exp1, expi as expi, expn as expn, exprel as exprel, shichi as shichi, sici as sici, spence as spence,
)
from revdiff.scipy.special.logarithms import (
    boxcox as boxcox, boxcox1p as boxcox1p, cbrt as cbrt, cosdg as cosdg, cosm1 as cosm1, cotdg as cotdg,
    diric as diric, entr as entr, exp2 as exp2, exp10 as exp10, expit as expit, expm1 as expm1, huber as huber,
    inv_boxcox as inv_boxcox, inv_boxcox1p as inv_boxcox1p, kl_div as kl_div, log1p as log1p, log_expit as log_expit,
    logit as logit, powm1 as powm1, pseudo_huber as pseudo_huber, radian as radian, rel_entr as rel_entr, sinc as sinc,
    sindg as sindg, softplus as softplus, tandg as tandg, xlog1py as xlog1py, xlogy as xlogy,
)
from revdiff.scipy.special.polynomials import (
    assoc_laguerre as assoc_laguerre, eval_chebyc as eval_chebyc, eval_chebys as eval_chebys,
    eval_chebyt as eval_chebyt, eval_chebyu as eval_chebyu, eval_gegenbauer as eval_gegenbauer,
    eval_genlaguerre as eval_genlaguerre, eval_hermite as eval_hermite, eval_hermitenorm as eval_hermitenorm,
    eval_jacobi as eval_jacobi, eval_laguerre as eval_laguerre, eval_legendre as eval_legendre,
    eval_sh_chebyt as eval_sh_chebyt, eval_sh_chebyu as eval_sh_chebyu, eval_sh_jacobi as eval_sh_jacobi,
    eval_sh_legendre as eval_sh_legendre, lpmv as lpmv,
)
from revdiff.scipy.special.sums import log_softmax as log_softmax, logsumexp as logsumexp, softmax as softmax
from revdiff.scipy.special.zeta_functions import zeta as zeta, zetac as zetac
# isort: on
# fmt: on

round = _logarithms.rounded  # noqa: A001 - SciPy's name
