"""Numerical routines as people write them, in plain NumPy: the same functions run on RevDiffs, unchanged.

None of them knows of revdiff. Each is called with plain arrays and with variables; the values must be the same, the
gradients must agree with differences of values, and the Hessians with differences of gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate
import scipy.optimize
import scipy.special

from revdiff import grad, hvp, jvp, vjp
from tests.oracles import flat, numeric_jacobian

# ---------------------------------------------------------------------- linear algebra


def lu(a):
    """Doolittle's LU decomposition with partial pivoting: a[p] = L U."""
    n = len(a)
    u = a.copy()
    lower = np.zeros_like(a)
    p = np.arange(n)
    for k in range(n):
        pivot = k + np.argmax(np.abs(u[k:, k]))
        if pivot != k:
            u[[k, pivot]] = u[[pivot, k]]
            lower[[k, pivot]] = lower[[pivot, k]]
            p[[k, pivot]] = p[[pivot, k]]
        lower[k, k] = 1.0
        for i in range(k + 1, n):
            lower[i, k] = u[i, k] / u[k, k]
            u[i, k:] -= lower[i, k] * u[k, k:]
    return lower, u


def lu_packed(a):
    """The same in one array, with the multipliers below the diagonal."""
    a = a.copy()
    n = a.shape[0]
    for k in range(n - 1):
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return a


def cholesky(a):
    """Cholesky–Banachiewicz, row by row."""
    n = a.shape[0]
    c = np.zeros_like(a)
    for i in range(n):
        for j in range(i + 1):
            s = sum(c[i, k] * c[j, k] for k in range(j))
            if i == j:
                c[i, j] = np.sqrt(a[i, i] - s)
            else:
                c[i, j] = (a[i, j] - s) / c[j, j]
    return c


def cholesky_of_lists(a):
    """The same without an array: rows as lists."""
    rows = []
    for i in range(len(a)):
        row = []
        for j in range(i + 1):
            s = a[i, j] - sum(x * y for x, y in zip(row, rows[j] if j < i else row, strict=False))
            row.append(np.sqrt(s) if i == j else s / rows[j][j])
        rows.append(row)
    return np.array([x for row in rows for x in row])


def thomas(a, b, c, d):
    """Solve a tridiagonal system with the diagonals a, b, c."""
    n = len(d)
    cp, dp, x = np.zeros_like(d), np.zeros_like(d), np.zeros_like(d)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[-1] = dp[-1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


def forward_substitution(lower, b):
    """Solve L x = b."""
    x = b.copy()
    for i in range(len(b)):
        x[i] -= lower[i, :i] @ x[:i]
        x[i] /= lower[i, i]
    return x


def householder_qr(a):
    """QR by reflections."""
    m, n = a.shape
    r = a.copy()
    q = np.eye(m)
    for k in range(n):
        x = r[k:, k]
        v = x.copy()
        v[0] += np.copysign(np.linalg.norm(x), x[0])
        v /= np.linalg.norm(v)
        r[k:, :] -= 2.0 * np.outer(v, v @ r[k:, :])
        h = np.zeros_like(v, shape=(m, m))
        h += np.eye(m)
        h[k:, k:] -= 2.0 * np.outer(v, v)
        q = q @ h
    return q, np.triu(r)


def gram_schmidt(a):
    """An orthonormal basis of the columns of a, modified Gram–Schmidt."""
    q = []
    for v in a.T:
        w = v
        for u in q:
            w = w - (u @ w) * u
        q.append(w / np.linalg.norm(w))
    return np.stack(q, axis=1)


def givens_qr(a):
    """The factor R of a, by rotations of two rows."""
    r = np.array(a)
    m, n = r.shape
    for j in range(n):
        for i in range(m - 1, j, -1):
            hyp = np.hypot(r[i - 1, j], r[i, j])
            if hyp > 0:
                c, s = r[i - 1, j] / hyp, r[i, j] / hyp
                rotation = np.array([[c, s], [-s, c]])
                r[i - 1 : i + 1, :] = rotation @ r[i - 1 : i + 1, :]
    return r


def power_iteration(a):
    """The largest eigenvalue, by repeated products."""
    v = np.ones(a.shape[0]) / np.sqrt(a.shape[0])
    for _ in range(60):
        w = a @ v
        v = w / np.linalg.norm(w)
    return v @ a @ v


def conjugate_gradients(a, b):
    """Solve A x = b for a symmetric positive matrix."""
    x = np.zeros_like(b)
    r = b - a @ x
    p = r
    rs = r @ r
    for _ in range(2 * len(b)):
        ap = a @ p
        alpha = rs / (p @ ap)
        x = x + alpha * p
        r = r - alpha * ap
        rs_new = r @ r
        if np.sqrt(rs_new) < 1e-10:
            break
        p = r + (rs_new / rs) * p
        rs = rs_new
    return x


def normal_equations(a, b):
    """Solve A x = b in the sense of least squares."""
    return conjugate_gradients(a.T @ a, a.T @ b)


def jacobi(a, b, sweeps=40):
    """Solve A x = b by Jacobi's iteration."""
    d = np.diag(a)
    rest = a - np.diag(d)
    x = np.zeros_like(b)
    for _ in range(sweeps):
        x = (b - rest @ x) / d
    return x


def gauss_seidel(a, b, sweeps=25):
    """Solve A x = b, each unknown at once in place."""
    x = np.zeros_like(b)
    for _ in range(sweeps):
        for i in range(len(b)):
            x[i] = (b[i] - a[i, :i] @ x[:i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return x


def levinson_durbin(r):
    """Autoregressive coefficients from autocorrelations, with the error and the reflection coefficients."""
    order = len(r) - 1
    a = np.zeros_like(r)
    a[0] = 1.0
    e = r[0]
    ks = []
    for i in range(1, order + 1):
        acc = r[i]
        for j in range(1, i):
            acc += a[j] * r[i - j]
        k = -acc / e
        ks.append(k)
        new = a.copy()
        for j in range(1, i):
            new[j] = a[j] + k * a[i - j]
        new[i] = k
        a = new
        e *= 1 - k * k
    return a, e, np.array(ks)


def matrix_exponential(a):
    """exp(A) by scaling, a Taylor series and squaring."""
    norm = np.linalg.norm(a, 1)
    s = max(0, int(np.ceil(np.log2(norm))) + 1) if norm > 0.5 else 0
    a = a / 2**s
    term = total = np.eye(len(a))
    for k in range(1, 18):
        term = term @ a / k
        total = total + term
    for _ in range(s):
        total = total @ total
    return total


# ---------------------------------------------------------------------- statistics and learning


def kalman_log_likelihood(ys, f, h, q, r):
    """The log-likelihood of observations under a linear Gaussian model."""
    n = f.shape[0]
    x, p = np.zeros(n), np.eye(n)
    total = 0.0
    for y in ys:
        x = f @ x
        p = f @ p @ f.T + q
        innovation = y - h @ x
        s = h @ p @ h.T + r
        gain = p @ h.T @ np.linalg.inv(s)
        x = x + gain @ innovation
        p = (np.eye(n) - gain @ h) @ p
        _, logdet = np.linalg.slogdet(s)
        total += -0.5 * (innovation @ np.linalg.solve(s, innovation) + logdet + len(y) * np.log(2 * np.pi))
    return total


def rauch_tung_striebel(ys, f, h, q, r):
    """Smoothed states of the same model."""
    n = f.shape[0]
    x, p = np.zeros(n), np.eye(n)
    predicted, filtered = [], []
    for y in ys:
        x, p = f @ x, f @ p @ f.T + q
        predicted.append((x, p))
        gain = np.linalg.solve(h @ p @ h.T + r, h @ p).T
        x, p = x + gain @ (y - h @ x), p - gain @ h @ p
        filtered.append((x, p))
    smoothed = [filtered[-1][0]]
    for (xf, pf), (xp, pp) in zip(filtered[-2::-1], predicted[:0:-1], strict=True):
        c = pf @ f.T @ np.linalg.inv(pp)
        smoothed.append(xf + c @ (smoothed[-1] - xp))
    return np.array(smoothed[::-1])


def gmm_log_likelihood(x, logits, means, chols):
    """The log-likelihood of points under a mixture of Gaussians with Cholesky factors of their precisions."""
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    d = x.shape[1]
    terms = []
    for k in range(len(logits)):
        lower = np.tril(chols[k], -1) + np.diag(np.exp(np.diag(chols[k])))
        z = (x - means[k]) @ lower
        terms.append(
            log_weights[k] + np.sum(np.diag(chols[k])) - 0.5 * np.sum(z**2, axis=1) - 0.5 * d * np.log(2 * np.pi)
        )
    terms = np.array(terms)
    top = terms.max(axis=0)
    return np.sum(top + np.log(np.sum(np.exp(terms - top), axis=0)))


def hmm_forward(log_a, log_b, log_pi, observations):
    """The log-likelihood of a hidden Markov model, by the forward algorithm on scaled probabilities."""
    a, b, pi = np.exp(log_a), np.exp(log_b), np.exp(log_pi)
    a = a / a.sum(axis=1, keepdims=True)
    b = b / b.sum(axis=1, keepdims=True)
    pi = pi / pi.sum()
    alpha = pi * b[:, observations[0]]
    log_likelihood = np.log(alpha.sum())
    alpha /= alpha.sum()
    for o in observations[1:]:
        alpha = (alpha @ a) * b[:, o]
        log_likelihood += np.log(alpha.sum())
        alpha /= alpha.sum()
    return log_likelihood


def hmm_forward_table(a, b, pi, observations):
    """The same as a table of probabilities that is filled entry by entry."""
    steps, states = len(observations), len(pi)
    alpha = np.zeros_like(a, shape=(steps, states))
    for s in range(states):
        alpha[0, s] = pi[s] * b[s, observations[0]]
    for t in range(1, steps):
        for s in range(states):
            for previous in range(states):
                alpha[t, s] += alpha[t - 1, previous] * a[previous, s] * b[s, observations[t]]
    return np.log(alpha[-1].sum())


def neural_network(w1, b1, w2, b2, x, labels):
    """The cross entropy of a network with one hidden layer."""
    hidden = np.tanh(x @ w1 + b1)
    logits = hidden @ w2 + b2
    logits -= np.max(logits, axis=1, keepdims=True)
    log_probs = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(labels)), labels])


def gaussian_process(log_scale, log_noise, x, y):
    """The log marginal likelihood of a Gaussian process."""
    d2 = (x[:, None] - x[None, :]) ** 2
    k = np.exp(-0.5 * d2 / np.exp(log_scale) ** 2) + np.exp(log_noise) * np.eye(len(x))
    lower = np.linalg.cholesky(k)
    alpha = np.linalg.solve(lower.T, np.linalg.solve(lower, y))
    return -0.5 * y @ alpha - np.sum(np.log(np.diag(lower))) - 0.5 * len(x) * np.log(2 * np.pi)


def soft_dtw(x, y, gamma=0.7):
    """The smoothed cost of aligning two series, by a table."""
    n, m = len(x), len(y)
    r = np.full_like(x, 1e6, shape=(n + 1, m + 1))
    r[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            before = -np.array([r[i - 1, j - 1], r[i - 1, j], r[i, j - 1]]) / gamma
            top = before.max()
            r[i, j] = (x[i - 1] - y[j - 1]) ** 2 - gamma * (top + np.log(np.sum(np.exp(before - top))))
    return r[n, m]


# ---------------------------------------------------------------------- differential equations


def rk4(theta, omega, mu, steps=20, h=0.1):
    """A damped pendulum by the classical Runge–Kutta method."""

    def f(t, y):
        return np.array([y[1], -np.sin(y[0]) - mu * y[1] + 0.1 * np.cos(t)])

    y, t = np.array([theta, omega]), 0.0
    for _ in range(steps):
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h / 2 * k1)
        k3 = f(t + h / 2, y + h / 2 * k2)
        k4 = f(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += h
    return y


def rk45(mu, y0, end=2.0, tolerance=1e-5):
    """Van der Pol's oscillator by Fehlberg's method, with a step that is halved or doubled."""

    def f(y):
        return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]])

    t, y, h = 0.0, y0, 0.1
    while t < end:
        h = min(h, end - t)
        k1 = h * f(y)
        k2 = h * f(y + k1 / 4)
        k3 = h * f(y + 3 / 32 * k1 + 9 / 32 * k2)
        k4 = h * f(y + 1932 / 2197 * k1 - 7200 / 2197 * k2 + 7296 / 2197 * k3)
        k5 = h * f(y + 439 / 216 * k1 - 8 * k2 + 3680 / 513 * k3 - 845 / 4104 * k4)
        k6 = h * f(y - 8 / 27 * k1 + 2 * k2 - 3544 / 2565 * k3 + 1859 / 4104 * k4 - 11 / 40 * k5)
        error = np.max(np.abs(k1 / 360 - 128 / 4275 * k3 - 2197 / 75240 * k4 + k5 / 50 + 2 / 55 * k6))
        if error > tolerance * h:
            h = h / 2
            continue
        t += h
        y = y + 25 / 216 * k1 + 1408 / 2565 * k3 + 2197 / 4104 * k4 - k5 / 5
        if error < tolerance * h / 32:
            h = h * 2
    return y


def heat_equation(u0, conductivity, steps=12):
    """Explicit differences for the heat equation, in place."""
    u = u0.copy()
    for _ in range(steps):
        u[1:-1] += conductivity * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def crank_nicolson(u0, conductivity, steps=3):
    """The same, implicitly: a tridiagonal system for each step."""
    n = len(u0)
    one = np.ones(n)
    u = u0
    for _ in range(steps):
        d = u.copy()
        d[1:-1] += conductivity / 2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        side = -conductivity / 2 * one
        u = thomas(side, (1 + conductivity) * one, side, d)
    return u


def burgers(u, viscosity, steps=8, dt=0.05):
    """Burgers' equation, upwind, on a circle."""
    for _ in range(steps):
        left, right = np.roll(u, 1), np.roll(u, -1)
        slope = np.where(u > 0, u - left, right - u)
        u = u - dt * u * slope + dt * viscosity * (right - 2 * u + left)
    return u


def verlet(positions, velocities, steps=6, dt=0.05):
    """Bodies that attract each other, by the velocity Verlet method; forces are collected pair by pair."""

    def forces(x):
        f = np.zeros_like(x)
        for i in range(len(x)):
            for j in range(i):
                r = x[j] - x[i]
                pull = r / (np.sum(r**2) + 0.1) ** 1.5
                f[i] += pull
                f[j] -= pull
        return f

    x, v = positions, velocities
    f = forces(x)
    for _ in range(steps):
        v = v + dt / 2 * f
        x = x + dt * v
        f = forces(x)
        v = v + dt / 2 * f
    energy = 0.5 * np.sum(v**2)
    return x, energy


# ---------------------------------------------------------------------- roots, interpolation, signals


def newton(a, b):
    """A root of x³ + a x = b by Newton's method, stopped when it stands still."""
    x = 1.0
    for _ in range(50):
        step = (x**3 + a * x - b) / (3 * x**2 + a)
        x = x - step
        if abs(step) < 1e-13:
            break
    return x


def newton_system(c, start):
    """A root of two equations, with the Jacobian matrix by hand."""
    x = start.copy()
    for _ in range(20):
        residual = np.array([x[0] ** 2 + x[1] ** 2, x[0] * x[1]]) - c
        matrix = np.array([[2 * x[0], 2 * x[1]], [x[1], x[0]]])
        x -= np.linalg.solve(matrix, residual)
    return x


def natural_spline(xs, ys, at):
    """The natural cubic spline through points, evaluated at others."""
    n = len(xs) - 1
    h = xs[1:] - xs[:-1]
    alpha = np.zeros_like(ys)
    for i in range(1, n):
        alpha[i] = 3 * ((ys[i + 1] - ys[i]) / h[i] - (ys[i] - ys[i - 1]) / h[i - 1])
    mu, z, c = np.zeros_like(ys), np.zeros_like(ys), np.zeros_like(ys)
    for i in range(1, n):
        length = 2 * (xs[i + 1] - xs[i - 1]) - h[i - 1] * mu[i - 1]
        mu[i] = h[i] / length
        z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / length
    for j in range(n - 1, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
    values = []
    for x in at:
        j = min(max(np.searchsorted(xs, x) - 1, 0), n - 1)
        b = (ys[j + 1] - ys[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3
        d = (c[j + 1] - c[j]) / (3 * h[j])
        t = x - xs[j]
        values.append(ys[j] + b * t + c[j] * t**2 + d * t**3)
    return np.array(values)


def barycentric(xs, ys, x):
    """The interpolation polynomial, with weights computed in a double loop."""
    w = np.ones_like(xs)
    for j in range(len(xs)):
        for k in range(len(xs)):
            if k != j:
                w[j] /= xs[j] - xs[k]
    t = w / (x - xs)
    return np.sum(t * ys) / np.sum(t)


def divided_differences(xs, ys):
    """Newton's coefficients, in place."""
    c = ys.copy()
    for j in range(1, len(xs)):
        for i in range(len(xs) - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (xs[i] - xs[i - j])
    return c


def dft(x):
    """The power spectrum, by the sums that define it."""
    n = len(x)
    power = []
    for k in range(n):
        s = 0
        for t in range(n):
            s += x[t] * np.exp(-2j * np.pi * k * t / n)
        power.append(np.abs(s) ** 2)
    return np.array(power)


def fft(x):
    """Cooley and Tukey's transform."""
    n = len(x)
    if n == 1:
        return x * (1 + 0j)
    even, odd = fft(x[::2]), fft(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate([even + turned, even - turned])


def spectrum(x):
    y = fft(x)
    return np.real(y), np.imag(y)


def lms_filter(signal, desired, rate):
    """Widrow and Hoff's adaptive filter."""
    taps = 3
    w = np.zeros_like(signal[:taps])
    errors = np.zeros_like(desired)
    for n in range(taps, len(signal)):
        x = signal[n - taps : n][::-1]
        errors[n] = desired[n] - w @ x
        w += rate * errors[n] * x
    return w, np.sum(errors**2)


def convolution(image, kernel):
    """A picture and a kernel, by four loops."""
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros_like(image, shape=(rows, columns))
    for i in range(rows):
        for j in range(columns):
            for k in range(kernel.shape[0]):
                for m in range(kernel.shape[1]):
                    out[i, j] += image[i + k, j + m] * kernel[k, m]
    return out


def simpson(a, b, n=20):
    """∫ sin(x²) dx by Simpson's rule."""
    h = (b - a) / n
    total = np.sin(a**2) + np.sin(b**2)
    for i in range(1, n):
        total += (4 if i % 2 else 2) * np.sin((a + i * h) ** 2)
    return total * h / 3


def black_scholes_tree(spot, strike, rate, volatility, steps=8):
    """An American put on a binomial tree."""
    dt = 1.0 / steps
    up = np.exp(volatility * np.sqrt(dt))
    p = (np.exp(rate * dt) - 1 / up) / (up - 1 / up)
    values = np.maximum(strike - spot * up ** np.arange(-steps, steps + 1, 2), 0.0)
    for n in range(steps - 1, -1, -1):
        held = np.exp(-rate * dt) * (p * values[1:] + (1 - p) * values[:-1])
        values = np.maximum(held, strike - spot * up ** np.arange(-n, n + 1, 2))
    return values[0]


def descent_with_momentum(x, rate):
    """Twelve steps down a valley, with a gradient that was written by hand."""
    x = x.copy()
    velocity = np.zeros_like(x)
    for _ in range(12):
        slope = np.array([4 * x[0] * (x[0] ** 2 - x[1]) + 2 * (x[0] - 1), -2 * (x[0] ** 2 - x[1])])
        velocity *= 0.6
        velocity -= rate * slope
        x += velocity
    return x


# ---------------------------------------------------------------------- SciPy's own functions that are written in Python


def kepler(mean, eccentricity):
    """Kepler's equation by SciPy's Newton method."""
    return scipy.optimize.newton(
        lambda e: e - eccentricity * np.sin(e) - mean, 1.0, lambda e: 1 - eccentricity * np.cos(e)
    )


def secant(a):
    return scipy.optimize.newton(lambda t: t**3 - a, 1.0)


def legendre(x):
    return scipy.special.legendre(3)(x)


# ---------------------------------------------------------------------- where they are called

RNG = np.random.default_rng(7)
SQUARE = RNG.normal(size=(3, 3)) + 3 * np.eye(3)
SPD = SQUARE @ SQUARE.T + np.eye(3)
B3 = RNG.normal(size=3)
OBSERVED = RNG.normal(size=(4, 1))
MODEL = (np.array([[1.0, 0.1], [-0.2, 0.9]]), np.array([[1.0, 0.3]]), 0.1 * np.eye(2), np.array([[0.5]]))
SEEN = np.array([0, 2, 1, 1, 0])
XS = np.array([0.0, 0.7, 1.5, 2.0, 3.1])

ROUTINES: dict[str, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {
    "LU decomposition": (lu, (SQUARE[[1, 2, 0]],), {}),
    "LU in one array": (lu_packed, (SQUARE,), {}),
    "Cholesky": (cholesky, (SPD,), {}),
    "Cholesky of lists": (cholesky_of_lists, (SPD,), {}),
    "Thomas": (thomas, (RNG.normal(size=4), 4 + RNG.random(4), RNG.normal(size=4), RNG.normal(size=4)), {}),
    "forward substitution": (forward_substitution, (np.tril(SQUARE), B3), {}),
    "Householder QR": (householder_qr, (RNG.normal(size=(4, 3)),), {}),
    "Gram–Schmidt": (gram_schmidt, (SQUARE,), {}),
    "Givens QR": (givens_qr, (RNG.normal(size=(4, 2)),), {}),
    "power iteration": (power_iteration, (SPD,), {}),
    "conjugate gradients": (normal_equations, (RNG.normal(size=(4, 3)), RNG.normal(size=4)), {}),
    "Jacobi": (jacobi, (SQUARE + 3 * np.eye(3), B3), {}),
    "Gauss–Seidel": (gauss_seidel, (SQUARE + 3 * np.eye(3), B3), {}),
    "Levinson–Durbin": (levinson_durbin, (np.array([2.0, 0.9, 0.4, -0.1]),), {}),
    "matrix exponential": (matrix_exponential, (SQUARE / 2,), {}),
    "Kalman filter": (kalman_log_likelihood, (OBSERVED, *MODEL), {}),
    "Kalman smoother": (rauch_tung_striebel, (OBSERVED, *MODEL), {}),
    "Gaussian mixture": (
        gmm_log_likelihood,
        (RNG.normal(size=(4, 2)), B3[:2], RNG.normal(size=(2, 2)), 0.3 * RNG.normal(size=(2, 2, 2))),
        {},
    ),
    "hidden Markov model": (
        hmm_forward,
        (RNG.normal(size=(2, 2)), RNG.normal(size=(2, 3)), RNG.normal(size=2)),
        {"observations": SEEN},
    ),
    "hidden Markov model, table": (
        hmm_forward_table,
        (RNG.random((2, 2)), RNG.random((2, 3)), RNG.random(2)),
        {"observations": SEEN},
    ),
    "neural network": (
        neural_network,
        (RNG.normal(size=(2, 3)), RNG.normal(size=3), RNG.normal(size=(3, 2)), RNG.normal(size=2)),
        {"x": RNG.normal(size=(4, 2)), "labels": np.array([0, 1, 1, 0])},
    ),
    "Gaussian process": (gaussian_process, (0.1, -1.0, XS, RNG.normal(size=5)), {}),
    "soft DTW": (soft_dtw, (RNG.normal(size=3), RNG.normal(size=2)), {}),
    "RK4": (rk4, (1.0, 0.3, 0.2), {}),
    "RK45": (rk45, (1.3, np.array([0.7, 0.4])), {}),
    "heat equation": (heat_equation, (RNG.normal(size=6), 0.2), {}),
    "Crank–Nicolson": (crank_nicolson, (RNG.normal(size=5), 0.4), {}),
    "Burgers": (burgers, (RNG.normal(size=5), 0.3), {}),
    "Verlet": (verlet, (RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))), {}),
    "Newton": (newton, (2.0, 4.0), {}),
    "Newton's method for a system": (newton_system, (np.array([5.0, 2.0]), np.array([2.2, 0.8])), {}),
    "natural spline": (natural_spline, (XS, RNG.normal(size=5)), {"at": np.array([0.3, 1.7, 2.2])}),
    "barycentric interpolation": (barycentric, (XS, RNG.normal(size=5), 1.1), {}),
    "divided differences": (divided_differences, (XS, RNG.normal(size=5)), {}),
    "DFT": (dft, (RNG.normal(size=4),), {}),
    "FFT": (spectrum, (RNG.normal(size=8),), {}),
    "adaptive filter": (lms_filter, (RNG.normal(size=7), RNG.normal(size=7), 0.1), {}),
    "convolution": (convolution, (RNG.normal(size=(3, 4)), RNG.normal(size=(2, 2))), {}),
    "Simpson": (simpson, (0.2, 1.4), {}),
    "American put": (black_scholes_tree, (1.0, 1.05, 0.03, 0.25), {}),
    "scipy: newton": (kepler, (0.8, 0.3), {}),
    "scipy: newton, secants": (secant, (3.0,), {}),
    "scipy: legendre": (legendre, (B3,), {}),
    "descent with momentum": (descent_with_momentum, (np.array([0.3, 0.8]), 0.05), {}),
}

each = pytest.mark.parametrize("name", ROUTINES)


def weighted(routine, options):
    """The routine with its results summed under weights of which no two are equal."""

    def total(*args):
        y = routine(*args, **options)
        parts = y if isinstance(y, tuple) else (y,)
        weights = [np.cos(1.0 + k + np.arange(np.size(part)).reshape(np.shape(part))) for k, part in enumerate(parts)]
        return sum(np.sum(weight * part) for weight, part in zip(weights, parts, strict=True))

    return total


def every(args):
    return tuple(range(len(args)))


@each
def test_the_values_are_those_of_numpy(name):
    routine, args, options = ROUTINES[name]
    expected = routine(*args, **options)
    value, _ = vjp(lambda *args: routine(*args, **options), *args)
    np.testing.assert_allclose(flat(value), flat(expected), rtol=1e-13, atol=1e-14)
    assert [np.shape(part) for part in (value if isinstance(value, tuple) else (value,))] == [
        np.shape(part) for part in (expected if isinstance(expected, tuple) else (expected,))
    ]


@each
def test_the_arguments_are_left_as_they_were(name):
    routine, args, options = ROUTINES[name]
    before = [np.array(arg) for arg in args]
    grad(weighted(routine, options), every(args))(*args)
    for arg, copy in zip(args, before, strict=True):
        np.testing.assert_array_equal(arg, copy)


@each
def test_the_gradient_agrees_with_differences_of_values(name):
    routine, args, options = ROUTINES[name]
    f = weighted(routine, options)
    expected = numeric_jacobian(lambda args: f(*args), args, 2e-4)
    np.testing.assert_allclose(flat(grad(f, every(args))(*args)), expected[0], rtol=1e-6, atol=1e-7)


@each
def test_the_hessian_agrees_with_differences_of_gradients(name):
    routine, args, options = ROUTINES[name]
    f = weighted(routine, options)
    gradient = grad(f, every(args))
    expected = numeric_jacobian(lambda args: gradient(*args), args, 1e-3)
    rng = np.random.default_rng(0)  # the tests run in any order
    v = tuple(rng.normal(size=np.shape(arg)) if np.shape(arg) else float(rng.normal()) for arg in args)
    h_v = hvp(f, args, v) if len(args) > 1 else hvp(f, args[0], v[0])
    np.testing.assert_allclose(flat(h_v), expected @ flat(v), rtol=3e-5, atol=1e-5)
    _, along = jvp(gradient, args, v)
    np.testing.assert_allclose(flat(along), flat(h_v), rtol=1e-9, atol=1e-9)
