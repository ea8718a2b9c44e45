"""A point for each elementwise function of scipy.special, at which it is smooth in the arguments that can vary."""

from __future__ import annotations

import numpy as np
from scipy import special

_CV = {"pro": special.pro_cv(1, 2, 0.7), "obl": special.obl_cv(1, 2, 0.7)}

# fmt: off
POINTS = {
    "agm": (1.5, 2.5), "airy": (0.7,), "airye": (0.7,), "bdtr": (2.4, 5, 0.3), "bdtrc": (2.4, 5, 0.3),
    "bdtri": (2.4, 5, 0.3), "bei": (1.3,), "beip": (1.3,), "ber": (1.3,), "berp": (1.3,),
    "besselpoly": (0.8, 1.0, 1.5), "beta": (1.5, 2.25), "betainc": (1.5, 2.5, 0.3), "betaincc": (1.5, 2.5, 0.3),
    "betainccinv": (1.5, 2.5, 0.3), "betaincinv": (1.5, 2.5, 0.3), "betaln": (1.5, 2.25), "binom": (5.3, 2.2),
    "boxcox": (1.7, 0.6), "boxcox1p": (1.7, 0.6), "cbrt": (1.7,), "chdtr": (3.0, 1.7), "chdtrc": (3.0, 1.7),
    "chdtri": (3.0, 0.4), "chndtr": (2.5, 3.0, 1.5), "chndtrinc": (2.5, 3.0, 0.3), "chndtrix": (0.4, 3.0, 1.5),
    "cosdg": (33.0,), "cosm1": (0.3,), "cotdg": (33.0,), "dawsn": (0.8,), "digamma": (2.3,), "ellipe": (0.4,),
    "ellipeinc": (2.2, 0.4), "ellipj": (0.7, 0.4), "ellipk": (0.4,), "ellipkinc": (2.2, 0.4), "ellipkm1": (0.4,),
    "elliprc": (1.2, 0.7), "elliprd": (1.2, 0.7, 0.9), "elliprf": (1.2, 0.7, 0.9), "elliprg": (1.2, 0.7, 0.9),
    "elliprj": (1.2, 0.7, 0.9, 1.4), "entr": (0.4,), "erf": (0.4,), "erfc": (0.4,), "erfcinv": (0.4,), "erfcx": (0.4,),
    "erfi": (0.4,), "erfinv": (0.4,), "eval_chebyc": (3, 0.3), "eval_chebys": (3, 0.3), "eval_chebyt": (3, 0.3),
    "eval_chebyu": (3, 0.3), "eval_gegenbauer": (3, 0.75, 0.3), "eval_genlaguerre": (3, 0.75, 0.3),
    "eval_hermite": (3, 0.3), "eval_hermitenorm": (3, 0.3), "eval_jacobi": (3, 0.75, 1.25, 0.3),
    "eval_laguerre": (3, 0.3), "eval_legendre": (3, 0.3), "eval_sh_chebyt": (3, 0.3), "eval_sh_chebyu": (3, 0.3),
    "eval_sh_jacobi": (3, 2.75, 1.25, 0.3), "eval_sh_legendre": (3, 0.3), "exp1": (0.7,), "exp10": (0.3,),
    "exp2": (0.3,), "expi": (0.7,), "expit": (0.7,), "expm1": (0.7,), "expn": (3, 0.7), "exprel": (0.7,),
    "fdtr": (3.0, 5.0, 1.2), "fdtrc": (3.0, 5.0, 1.2), "fdtri": (3.0, 5.0, 0.4), "fresnel": (0.7,), "gamma": (2.3,),
    "gammainc": (1.7, 2.1), "gammaincc": (1.7, 2.1), "gammainccinv": (1.7, 0.3), "gammaincinv": (1.7, 0.3),
    "gammaln": (2.3,), "gdtr": (1.2, 1.7, 2.1), "gdtrc": (1.2, 1.7, 2.1), "gdtria": (0.4, 1.7, 2.1),
    "gdtrix": (1.2, 1.7, 0.4), "hankel1": (0.5, 1.3), "hankel1e": (0.5, 1.3), "hankel2": (0.5, 1.3),
    "hankel2e": (0.5, 1.3), "huber": (0.7, 1.2), "hyp0f1": (1.5, 0.7), "hyp1f1": (0.5, 1.5, 0.7),
    "hyp2f1": (0.5, 1.5, 2.5, 0.3), "hyperu": (0.5, 1.5, 0.7), "i0": (0.7,), "i0e": (0.7,), "i1": (0.7,),
    "i1e": (0.7,), "inv_boxcox": (0.7, 0.6), "inv_boxcox1p": (0.7, 0.6), "it2i0k0": (0.7,), "it2j0y0": (0.7,),
    "it2struve0": (0.7,), "itairy": (0.7,), "iti0k0": (0.7,), "itj0y0": (0.7,), "itmodstruve0": (0.7,),
    "itstruve0": (0.7,), "iv": (0.5, 0.7), "ive": (0.5, 0.7), "j0": (0.7,), "j1": (0.7,), "jn": (2, 0.7),
    "jv": (0.5, 0.7), "jve": (0.5, 0.7), "k0": (0.7,), "k0e": (0.7,), "k1": (0.7,), "k1e": (0.7,), "kei": (0.7,),
    "keip": (0.7,), "kelvin": (0.7,), "ker": (0.7,), "kerp": (0.7,), "kl_div": (0.7, 0.4), "kn": (2, 0.7),
    "kolmogi": (0.4,), "kolmogorov": (0.8,), "kv": (0.5, 0.7), "kve": (0.5, 0.7), "log1p": (0.7,), "log_expit": (0.7,),
    "log_ndtr": (-0.7,), "log_wright_bessel": (0.7, 1.2, 0.9), "loggamma": (2.3,), "logit": (0.3,),
    "lpmv": (1, 3, 0.3), "mathieu_cem": (2, 0.7, 33.0), "mathieu_modcem1": (2, 0.7, 0.8),
    "mathieu_modcem2": (2, 0.7, 0.8), "mathieu_modsem1": (2, 0.7, 0.8), "mathieu_modsem2": (2, 0.7, 0.8),
    "mathieu_sem": (2, 0.7, 33.0), "modfresnelm": (0.7,), "modfresnelp": (0.7,), "modstruve": (0.5, 0.7),
    "nbdtr": (2, 5, 0.3), "nbdtrc": (2, 5, 0.3), "nbdtri": (2, 5, 0.3), "ncfdtr": (3.0, 5.0, 1.5, 1.2),
    "ncfdtri": (3.0, 5.0, 1.5, 0.4), "ncfdtrinc": (3.0, 5.0, 0.3, 1.2), "nctdtr": (3.0, 0.8, 1.2),
    "nctdtrinc": (3.0, 0.6, 1.2), "nctdtrit": (3.0, 0.8, 0.4), "ndtr": (0.7,), "ndtri": (0.3,), "ndtri_exp": (-0.7,),
    "nrdtrimn": (0.3, 1.2, 0.7), "nrdtrisd": (0.3, 0.7, 1.2), "obl_ang1": (1, 2, 0.7, 0.3),
    "obl_ang1_cv": (1, 2, 0.7, _CV["obl"], 0.3), "obl_rad1": (1, 2, 0.7, 0.3),
    "obl_rad1_cv": (1, 2, 0.7, _CV["obl"], 0.3), "obl_rad2": (1, 2, 0.7, 0.3),
    "obl_rad2_cv": (1, 2, 0.7, _CV["obl"], 0.3), "owens_t": (0.7, 0.4), "pbdv": (0.5, 0.7), "pbvv": (0.5, 0.7),
    "pbwa": (0.5, 0.7), "pdtr": (2.4, 1.3), "pdtrc": (2.4, 1.3), "pdtri": (2, 0.4), "poch": (1.3, 0.7),
    "powm1": (1.3, 0.7), "pro_ang1": (1, 2, 0.7, 0.3), "pro_ang1_cv": (1, 2, 0.7, _CV["pro"], 0.3),
    "pro_rad1": (1, 2, 0.7, 1.3), "pro_rad1_cv": (1, 2, 0.7, _CV["pro"], 1.3), "pro_rad2": (1, 2, 0.7, 1.3),
    "pro_rad2_cv": (1, 2, 0.7, _CV["pro"], 1.3), "pseudo_huber": (0.7, 1.2), "psi": (2.3,), "radian": (1.0, 2.0, 3.0),
    "rel_entr": (0.7, 0.4), "rgamma": (2.3,), "shichi": (0.7,), "sici": (0.7,), "sindg": (33.0,), "smirnov": (5, 0.3),
    "smirnovi": (5, 0.3), "spence": (0.7,), "stdtr": (3.0, 0.7), "stdtrit": (3.0, 0.3), "struve": (0.5, 0.7),
    "tandg": (33.0,), "tklmbda": (0.7, 0.4), "voigt_profile": (0.7, 1.2, 0.4), "wofz": (0.7,),
    "wright_bessel": (0.7, 1.2, 0.9), "wrightomega": (0.7,), "xlog1py": (0.7, 0.4), "xlogy": (0.7, 0.4), "y0": (0.7,),
    "y1": (0.7,), "yn": (2, 0.7), "yv": (0.5, 0.7), "yve": (0.5, 0.7), "zetac": (2.3,),
}
# fmt: on

UFUNCS = {name: f for name, f in vars(special).items() if isinstance(f, np.ufunc)}
