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

from scipy import special as _special

from revdiff.scipy.special import logarithms as _logarithms
from revdiff.scipy.special.bessel import h1vp as h1vp
from revdiff.scipy.special.bessel import h2vp as h2vp
from revdiff.scipy.special.bessel import hankel1 as hankel1
from revdiff.scipy.special.bessel import hankel1e as hankel1e
from revdiff.scipy.special.bessel import hankel2 as hankel2
from revdiff.scipy.special.bessel import hankel2e as hankel2e
from revdiff.scipy.special.bessel import i0 as i0
from revdiff.scipy.special.bessel import i0e as i0e
from revdiff.scipy.special.bessel import i1 as i1
from revdiff.scipy.special.bessel import i1e as i1e
from revdiff.scipy.special.bessel import iv as iv
from revdiff.scipy.special.bessel import ive as ive
from revdiff.scipy.special.bessel import ivp as ivp
from revdiff.scipy.special.bessel import j0 as j0
from revdiff.scipy.special.bessel import j1 as j1
from revdiff.scipy.special.bessel import jn as jn
from revdiff.scipy.special.bessel import jv as jv
from revdiff.scipy.special.bessel import jve as jve
from revdiff.scipy.special.bessel import jvp as jvp
from revdiff.scipy.special.bessel import k0 as k0
from revdiff.scipy.special.bessel import k0e as k0e
from revdiff.scipy.special.bessel import k1 as k1
from revdiff.scipy.special.bessel import k1e as k1e
from revdiff.scipy.special.bessel import kn as kn
from revdiff.scipy.special.bessel import kv as kv
from revdiff.scipy.special.bessel import kve as kve
from revdiff.scipy.special.bessel import kvp as kvp
from revdiff.scipy.special.bessel import spherical_in as spherical_in
from revdiff.scipy.special.bessel import spherical_jn as spherical_jn
from revdiff.scipy.special.bessel import spherical_kn as spherical_kn
from revdiff.scipy.special.bessel import spherical_yn as spherical_yn
from revdiff.scipy.special.bessel import y0 as y0
from revdiff.scipy.special.bessel import y1 as y1
from revdiff.scipy.special.bessel import yn as yn
from revdiff.scipy.special.bessel import yv as yv
from revdiff.scipy.special.bessel import yve as yve
from revdiff.scipy.special.bessel import yvp as yvp
from revdiff.scipy.special.cylinder_functions import airy as airy
from revdiff.scipy.special.cylinder_functions import airye as airye
from revdiff.scipy.special.cylinder_functions import bei as bei
from revdiff.scipy.special.cylinder_functions import beip as beip
from revdiff.scipy.special.cylinder_functions import ber as ber
from revdiff.scipy.special.cylinder_functions import berp as berp
from revdiff.scipy.special.cylinder_functions import besselpoly as besselpoly
from revdiff.scipy.special.cylinder_functions import it2i0k0 as it2i0k0
from revdiff.scipy.special.cylinder_functions import it2j0y0 as it2j0y0
from revdiff.scipy.special.cylinder_functions import it2struve0 as it2struve0
from revdiff.scipy.special.cylinder_functions import itairy as itairy
from revdiff.scipy.special.cylinder_functions import iti0k0 as iti0k0
from revdiff.scipy.special.cylinder_functions import itj0y0 as itj0y0
from revdiff.scipy.special.cylinder_functions import itmodstruve0 as itmodstruve0
from revdiff.scipy.special.cylinder_functions import itstruve0 as itstruve0
from revdiff.scipy.special.cylinder_functions import kei as kei
from revdiff.scipy.special.cylinder_functions import keip as keip
from revdiff.scipy.special.cylinder_functions import kelvin as kelvin
from revdiff.scipy.special.cylinder_functions import ker as ker
from revdiff.scipy.special.cylinder_functions import kerp as kerp
from revdiff.scipy.special.cylinder_functions import log_wright_bessel as log_wright_bessel
from revdiff.scipy.special.cylinder_functions import modstruve as modstruve
from revdiff.scipy.special.cylinder_functions import struve as struve
from revdiff.scipy.special.cylinder_functions import wright_bessel as wright_bessel
from revdiff.scipy.special.distributions import bdtr as bdtr
from revdiff.scipy.special.distributions import bdtrc as bdtrc
from revdiff.scipy.special.distributions import bdtri as bdtri
from revdiff.scipy.special.distributions import chdtr as chdtr
from revdiff.scipy.special.distributions import chdtrc as chdtrc
from revdiff.scipy.special.distributions import chdtri as chdtri
from revdiff.scipy.special.distributions import chndtr as chndtr
from revdiff.scipy.special.distributions import chndtrinc as chndtrinc
from revdiff.scipy.special.distributions import chndtrix as chndtrix
from revdiff.scipy.special.distributions import fdtr as fdtr
from revdiff.scipy.special.distributions import fdtrc as fdtrc
from revdiff.scipy.special.distributions import fdtri as fdtri
from revdiff.scipy.special.distributions import gdtr as gdtr
from revdiff.scipy.special.distributions import gdtrc as gdtrc
from revdiff.scipy.special.distributions import gdtria as gdtria
from revdiff.scipy.special.distributions import gdtrix as gdtrix
from revdiff.scipy.special.distributions import kolmogi as kolmogi
from revdiff.scipy.special.distributions import kolmogorov as kolmogorov
from revdiff.scipy.special.distributions import nbdtr as nbdtr
from revdiff.scipy.special.distributions import nbdtrc as nbdtrc
from revdiff.scipy.special.distributions import nbdtri as nbdtri
from revdiff.scipy.special.distributions import ncfdtr as ncfdtr
from revdiff.scipy.special.distributions import ncfdtri as ncfdtri
from revdiff.scipy.special.distributions import ncfdtrinc as ncfdtrinc
from revdiff.scipy.special.distributions import nctdtr as nctdtr
from revdiff.scipy.special.distributions import nctdtrinc as nctdtrinc
from revdiff.scipy.special.distributions import nctdtrit as nctdtrit
from revdiff.scipy.special.distributions import nrdtrimn as nrdtrimn
from revdiff.scipy.special.distributions import nrdtrisd as nrdtrisd
from revdiff.scipy.special.distributions import pdtr as pdtr
from revdiff.scipy.special.distributions import pdtrc as pdtrc
from revdiff.scipy.special.distributions import pdtri as pdtri
from revdiff.scipy.special.distributions import smirnov as smirnov
from revdiff.scipy.special.distributions import smirnovi as smirnovi
from revdiff.scipy.special.distributions import stdtr as stdtr
from revdiff.scipy.special.distributions import stdtrit as stdtrit
from revdiff.scipy.special.distributions import tklmbda as tklmbda
from revdiff.scipy.special.elliptic import agm as agm
from revdiff.scipy.special.elliptic import ellipe as ellipe
from revdiff.scipy.special.elliptic import ellipeinc as ellipeinc
from revdiff.scipy.special.elliptic import ellipj as ellipj
from revdiff.scipy.special.elliptic import ellipk as ellipk
from revdiff.scipy.special.elliptic import ellipkinc as ellipkinc
from revdiff.scipy.special.elliptic import ellipkm1 as ellipkm1
from revdiff.scipy.special.elliptic import elliprc as elliprc
from revdiff.scipy.special.elliptic import elliprd as elliprd
from revdiff.scipy.special.elliptic import elliprf as elliprf
from revdiff.scipy.special.elliptic import elliprg as elliprg
from revdiff.scipy.special.elliptic import elliprj as elliprj
from revdiff.scipy.special.error_functions import dawsn as dawsn
from revdiff.scipy.special.error_functions import erf as erf
from revdiff.scipy.special.error_functions import erfc as erfc
from revdiff.scipy.special.error_functions import erfcinv as erfcinv
from revdiff.scipy.special.error_functions import erfcx as erfcx
from revdiff.scipy.special.error_functions import erfi as erfi
from revdiff.scipy.special.error_functions import erfinv as erfinv
from revdiff.scipy.special.error_functions import fresnel as fresnel
from revdiff.scipy.special.error_functions import log_ndtr as log_ndtr
from revdiff.scipy.special.error_functions import modfresnelm as modfresnelm
from revdiff.scipy.special.error_functions import modfresnelp as modfresnelp
from revdiff.scipy.special.error_functions import ndtr as ndtr
from revdiff.scipy.special.error_functions import ndtri as ndtri
from revdiff.scipy.special.error_functions import ndtri_exp as ndtri_exp
from revdiff.scipy.special.error_functions import owens_t as owens_t
from revdiff.scipy.special.error_functions import voigt_profile as voigt_profile
from revdiff.scipy.special.error_functions import wofz as wofz
from revdiff.scipy.special.gamma_functions import beta as beta
from revdiff.scipy.special.gamma_functions import betainc as betainc
from revdiff.scipy.special.gamma_functions import betaincc as betaincc
from revdiff.scipy.special.gamma_functions import betainccinv as betainccinv
from revdiff.scipy.special.gamma_functions import betaincinv as betaincinv
from revdiff.scipy.special.gamma_functions import betaln as betaln
from revdiff.scipy.special.gamma_functions import binom as binom
from revdiff.scipy.special.gamma_functions import comb as comb
from revdiff.scipy.special.gamma_functions import digamma as digamma
from revdiff.scipy.special.gamma_functions import factorial as factorial
from revdiff.scipy.special.gamma_functions import gamma as gamma
from revdiff.scipy.special.gamma_functions import gammainc as gammainc
from revdiff.scipy.special.gamma_functions import gammaincc as gammaincc
from revdiff.scipy.special.gamma_functions import gammainccinv as gammainccinv
from revdiff.scipy.special.gamma_functions import gammaincinv as gammaincinv
from revdiff.scipy.special.gamma_functions import gammaln as gammaln
from revdiff.scipy.special.gamma_functions import gammasgn as gammasgn
from revdiff.scipy.special.gamma_functions import loggamma as loggamma
from revdiff.scipy.special.gamma_functions import multigammaln as multigammaln
from revdiff.scipy.special.gamma_functions import perm as perm
from revdiff.scipy.special.gamma_functions import poch as poch
from revdiff.scipy.special.gamma_functions import polygamma as polygamma
from revdiff.scipy.special.gamma_functions import psi as psi
from revdiff.scipy.special.gamma_functions import rgamma as rgamma
from revdiff.scipy.special.hypergeometric import hyp0f1 as hyp0f1
from revdiff.scipy.special.hypergeometric import hyp1f1 as hyp1f1
from revdiff.scipy.special.hypergeometric import hyp2f1 as hyp2f1
from revdiff.scipy.special.hypergeometric import hyperu as hyperu
from revdiff.scipy.special.hypergeometric import lambertw as lambertw
from revdiff.scipy.special.hypergeometric import mathieu_cem as mathieu_cem
from revdiff.scipy.special.hypergeometric import mathieu_modcem1 as mathieu_modcem1
from revdiff.scipy.special.hypergeometric import mathieu_modcem2 as mathieu_modcem2
from revdiff.scipy.special.hypergeometric import mathieu_modsem1 as mathieu_modsem1
from revdiff.scipy.special.hypergeometric import mathieu_modsem2 as mathieu_modsem2
from revdiff.scipy.special.hypergeometric import mathieu_sem as mathieu_sem
from revdiff.scipy.special.hypergeometric import obl_ang1 as obl_ang1
from revdiff.scipy.special.hypergeometric import obl_ang1_cv as obl_ang1_cv
from revdiff.scipy.special.hypergeometric import obl_rad1 as obl_rad1
from revdiff.scipy.special.hypergeometric import obl_rad1_cv as obl_rad1_cv
from revdiff.scipy.special.hypergeometric import obl_rad2 as obl_rad2
from revdiff.scipy.special.hypergeometric import obl_rad2_cv as obl_rad2_cv
from revdiff.scipy.special.hypergeometric import pbdv as pbdv
from revdiff.scipy.special.hypergeometric import pbvv as pbvv
from revdiff.scipy.special.hypergeometric import pbwa as pbwa
from revdiff.scipy.special.hypergeometric import pro_ang1 as pro_ang1
from revdiff.scipy.special.hypergeometric import pro_ang1_cv as pro_ang1_cv
from revdiff.scipy.special.hypergeometric import pro_rad1 as pro_rad1
from revdiff.scipy.special.hypergeometric import pro_rad1_cv as pro_rad1_cv
from revdiff.scipy.special.hypergeometric import pro_rad2 as pro_rad2
from revdiff.scipy.special.hypergeometric import pro_rad2_cv as pro_rad2_cv
from revdiff.scipy.special.hypergeometric import wrightomega as wrightomega
from revdiff.scipy.special.integrals import exp1 as exp1
from revdiff.scipy.special.integrals import expi as expi
from revdiff.scipy.special.integrals import expn as expn
from revdiff.scipy.special.integrals import exprel as exprel
from revdiff.scipy.special.integrals import shichi as shichi
from revdiff.scipy.special.integrals import sici as sici
from revdiff.scipy.special.integrals import spence as spence
from revdiff.scipy.special.logarithms import boxcox as boxcox
from revdiff.scipy.special.logarithms import boxcox1p as boxcox1p
from revdiff.scipy.special.logarithms import cbrt as cbrt
from revdiff.scipy.special.logarithms import cosdg as cosdg
from revdiff.scipy.special.logarithms import cosm1 as cosm1
from revdiff.scipy.special.logarithms import cotdg as cotdg
from revdiff.scipy.special.logarithms import diric as diric
from revdiff.scipy.special.logarithms import entr as entr
from revdiff.scipy.special.logarithms import exp2 as exp2
from revdiff.scipy.special.logarithms import exp10 as exp10
from revdiff.scipy.special.logarithms import expit as expit
from revdiff.scipy.special.logarithms import expm1 as expm1
from revdiff.scipy.special.logarithms import huber as huber
from revdiff.scipy.special.logarithms import inv_boxcox as inv_boxcox
from revdiff.scipy.special.logarithms import inv_boxcox1p as inv_boxcox1p
from revdiff.scipy.special.logarithms import kl_div as kl_div
from revdiff.scipy.special.logarithms import log1p as log1p
from revdiff.scipy.special.logarithms import log_expit as log_expit
from revdiff.scipy.special.logarithms import logit as logit
from revdiff.scipy.special.logarithms import powm1 as powm1
from revdiff.scipy.special.logarithms import pseudo_huber as pseudo_huber
from revdiff.scipy.special.logarithms import radian as radian
from revdiff.scipy.special.logarithms import rel_entr as rel_entr
from revdiff.scipy.special.logarithms import sinc as sinc
from revdiff.scipy.special.logarithms import sindg as sindg
from revdiff.scipy.special.logarithms import softplus as softplus
from revdiff.scipy.special.logarithms import tandg as tandg
from revdiff.scipy.special.logarithms import xlog1py as xlog1py
from revdiff.scipy.special.logarithms import xlogy as xlogy
from revdiff.scipy.special.polynomials import assoc_laguerre as assoc_laguerre
from revdiff.scipy.special.polynomials import eval_chebyc as eval_chebyc
from revdiff.scipy.special.polynomials import eval_chebys as eval_chebys
from revdiff.scipy.special.polynomials import eval_chebyt as eval_chebyt
from revdiff.scipy.special.polynomials import eval_chebyu as eval_chebyu
from revdiff.scipy.special.polynomials import eval_gegenbauer as eval_gegenbauer
from revdiff.scipy.special.polynomials import eval_genlaguerre as eval_genlaguerre
from revdiff.scipy.special.polynomials import eval_hermite as eval_hermite
from revdiff.scipy.special.polynomials import eval_hermitenorm as eval_hermitenorm
from revdiff.scipy.special.polynomials import eval_jacobi as eval_jacobi
from revdiff.scipy.special.polynomials import eval_laguerre as eval_laguerre
from revdiff.scipy.special.polynomials import eval_legendre as eval_legendre
from revdiff.scipy.special.polynomials import eval_sh_chebyt as eval_sh_chebyt
from revdiff.scipy.special.polynomials import eval_sh_chebyu as eval_sh_chebyu
from revdiff.scipy.special.polynomials import eval_sh_jacobi as eval_sh_jacobi
from revdiff.scipy.special.polynomials import eval_sh_legendre as eval_sh_legendre
from revdiff.scipy.special.polynomials import lpmv as lpmv
from revdiff.scipy.special.sums import log_softmax as log_softmax
from revdiff.scipy.special.sums import logsumexp as logsumexp
from revdiff.scipy.special.sums import softmax as softmax
from revdiff.scipy.special.zeta_functions import zeta as zeta
from revdiff.scipy.special.zeta_functions import zetac as zetac

round = _logarithms.rounded  # noqa: A001 - SciPy's name

# These have no derivative here; a RevDiff in one is an error that says why.
bdtrik = _special.bdtrik
bdtrin = _special.bdtrin
btdtria = _special.btdtria
btdtrib = _special.btdtrib
chdtriv = _special.chdtriv
chndtridf = _special.chndtridf
fdtridfd = _special.fdtridfd
gdtrib = _special.gdtrib
mathieu_a = _special.mathieu_a
mathieu_b = _special.mathieu_b
nbdtrik = _special.nbdtrik
nbdtrin = _special.nbdtrin
ncfdtridfd = _special.ncfdtridfd
ncfdtridfn = _special.ncfdtridfn
nctdtridf = _special.nctdtridf
obl_cv = _special.obl_cv
pdtrik = _special.pdtrik
pro_cv = _special.pro_cv
stdtridf = _special.stdtridf
