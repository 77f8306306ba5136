"""Scalar calendar and sampling functions applied to arrays, bit for bit as one at a time."""

from __future__ import annotations

import math

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import Duration, fill_samples, finite, pack_one
from simlib.core.streams import uniforms
from simlib.core.workdays import UNITS, Table, add, deadline, roll, up, working_between


@compiled
def _add(table, t, x, unit, out):
    """`add` of each t and x into out (float64, N)."""
    for i in range(t.size):
        out[i] = add(table, t[i], x[i], unit)


@compiled
def _roll(table, t, out):
    """`roll` of each t into out (days; N)."""
    for i in range(t.size):
        out[i] = roll(table, t[i])


@compiled
def _up(table, t, out):
    """`up` of each t into out (days; N)."""
    for i in range(t.size):
        out[i] = up(table, t[i])


@compiled
def _deadline(table, t, x, unit, out):
    """`deadline` of each t and x into out (float64, N)."""
    for i in range(t.size):
        out[i] = deadline(table, t[i], x[i], unit)


@compiled
def _working(table, a, b, out):
    """`working_between` of each a and b into out (days; N)."""
    for i in range(a.size):
        out[i] = working_between(table, a[i], b[i])


@compiled
def _sigma(x):
    """The logistic function of each x (N), in place."""
    for i in range(x.size):
        x[i] = 1.0 / (1.0 + math.exp(-x[i]))


def add_each(table: Table, t: np.ndarray, x: np.ndarray, unit: str) -> np.ndarray:
    """`workdays.add` of each pair (float64, same shape)."""
    out = np.empty_like(t)
    _add(table, t, x, UNITS[unit], out)
    return out


def roll_each(table: Table, t: np.ndarray) -> np.ndarray:
    """`workdays.roll` of each."""
    out = np.empty_like(t)
    _roll(table, t, out)
    return out


def up_each(table: Table, t: np.ndarray) -> np.ndarray:
    """`workdays.up` of each."""
    out = np.empty_like(t)
    _up(table, t, out)
    return out


def deadline_each(table: Table, t: np.ndarray, x: np.ndarray, unit: str) -> np.ndarray:
    """`workdays.deadline` of each."""
    out = np.empty_like(t)
    _deadline(table, t, x, UNITS[unit], out)
    return out


def working_each(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`workdays.working_between` of each."""
    out = np.empty_like(a)
    _working(table, a, b, out)
    return out


def sigma_each(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) of each."""
    out = np.array(x, float)
    _sigma(out)
    return out


def sample_each(key, quantity: int, ids: np.ndarray, duration: Duration, attempt: int = 0) -> np.ndarray:
    """One draw a drug from a duration, in its own unit (float64, as `ids`)."""
    row, pool = pack_one(duration)
    out = uniforms(key, quantity, drugs=ids, attempt=attempt)
    fill_samples(out, row, pool)
    return finite(out, duration)
