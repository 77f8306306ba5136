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


def _flat(x: np.ndarray) -> np.ndarray:
    """An array's numbers in one row, as the compiled loops take them."""
    return np.ascontiguousarray(x).reshape(-1)


def add_each(table: Table, t: np.ndarray, x: np.ndarray, unit: str) -> np.ndarray:
    """`workdays.add` of each pair (float64, same shape)."""
    out = np.empty(t.shape)
    _add(table, _flat(t), _flat(x), UNITS[unit], out.reshape(-1))
    return out


def roll_each(table: Table, t: np.ndarray) -> np.ndarray:
    """`workdays.roll` of each."""
    out = np.empty(t.shape)
    _roll(table, _flat(t), out.reshape(-1))
    return out


def up_each(table: Table, t: np.ndarray) -> np.ndarray:
    """`workdays.up` of each."""
    out = np.empty(t.shape)
    _up(table, _flat(t), out.reshape(-1))
    return out


def deadline_each(table: Table, t: np.ndarray, x: np.ndarray, unit: str) -> np.ndarray:
    """`workdays.deadline` of each."""
    out = np.empty(t.shape)
    _deadline(table, _flat(t), _flat(x), UNITS[unit], out.reshape(-1))
    return out


def working_each(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`workdays.working_between` of each."""
    out = np.empty(a.shape)
    _working(table, _flat(a), _flat(b), out.reshape(-1))
    return out


def sigma_each(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) of each."""
    out = np.array(x, float)
    _sigma(out.reshape(-1))
    return out


def sample_each(key, quantity: int, ids: np.ndarray, duration: Duration, attempt: int = 0, places=None) -> np.ndarray:
    """One draw a drug from a duration, in its own unit (float64, as `ids`).

    places: ids of provinces, each of which has draws of its own (shape (P, D) then).
    """
    row, pool = pack_one(duration)
    out = uniforms_in(key, quantity, places, ids, attempt).reshape(-1)
    fill_samples(out, row, pool)
    return finite(out, duration).reshape(-1 if places is None else (len(places), len(ids)))


def uniforms_in(key, quantity: int, places, ids: np.ndarray, attempt: int = 0) -> np.ndarray:
    """Uniform numbers of drugs (D), or of drugs in provinces where `places` gives their ids (P, D)."""
    if places is None:
        return uniforms(key, quantity, drugs=ids, attempt=attempt)
    own, drugs = np.repeat(np.array(places, np.int64), len(ids)), np.tile(ids, len(places))
    return uniforms(key, quantity, hospitals=own, drugs=drugs, attempt=attempt).reshape(len(places), len(ids))
