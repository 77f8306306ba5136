"""Random numbers keyed by what they are for, never by order of use.

Philox 4x32-10 (Salmon et al., SC 2011, doi:10.1145/2063384.2063405) maps a key and a counter to four
32-bit words. The key is (seed, replication); the counter is (quantity, attempt, hospital id, drug id).
So every uncertain quantity of every entity has a number of its own: adding a drug, a hospital, a rule or
an indicator, or running on other workers, leaves every other number as it was.

Ids are 32-bit and stable (`stable_id`); 0 stands for "no hospital" or "no drug".
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import numpy as np

from simlib.core.compiled import compiled

# What each draw is for. Append only: a changed number is a changed history.
(
    Q_READINESS,
    Q_PROVINCE_TURN,
    Q_PROVINCE_LAG,
    Q_WORK,
    Q_STANDING,
    Q_COMPLETE,
    Q_CORRECTION,
    Q_BACKGROUND_GAP,
    Q_BACKGROUND_WORK,
    Q_CATALOGUE,
    Q_COMMERCIAL,
    Q_LIST_MEMBER,
    Q_AWARE,
    Q_TARGET,
    Q_SPECIALTY,
    Q_ASK,
    Q_PHASE,
    Q_INTERVAL,
    Q_JITTER,
    Q_AGENDA,
    Q_ETA,
    Q_EPSILON,
    Q_FIXED_DECISION,
    Q_RETURN,
    Q_ROOM,
    Q_TEMPORARY,
    Q_TEMPORARY_TIME,
    Q_PURCHASE,
    Q_OBEY,
    Q_OWN,
    Q_OTHER_OBEY,
    Q_OVER_DRUG_SHARE,
    Q_OVER_COST,
    Q_MONITORED,
    Q_TIGHT_BUDGET,
    Q_APPEAL,
    Q_BREADTH,
    Q_VALUE,
    Q_PRICE,
    Q_TWO_SPECIFICATIONS,
    Q_PATIENTS,
    Q_ORIGIN,
    Q_CLASS,
    Q_AREA,
    Q_APPROVAL,
    Q_BEDS,
    Q_PLACE,
    Q_ARRIVAL,
    Q_SETTING,
    Q_LOCAL,
    Q_SPECIAL_AREA,
    Q_INNOVATION_LIST,
    Q_BACKLOG,
    Q_RECORDED,
    Q_WINDOW,
    Q_DESIGNATED,
    Q_LINKED,
    Q_STANDARD,
    Q_SUBSTITUTE,
    Q_NEW_TECHNOLOGY,
    Q_HK_MACAU,
    Q_SUPPLY,
    Q_CITY,
    Q_UNUSED,
    Q_PLAN,
    Q_BUDGET,
    Q_COUNT,
    Q_PATIENT,
    Q_RECORDED_TIME,
    Q_APPLICATION,
    Q_TRIAL,
    Q_GO_ON,
    Q_PRIORITY,
    Q_INDICATION,
    Q_SUPPLEMENT,
    Q_ROUTE_REQUEST,
    Q_ROUTE_TIME,
    Q_PROVINCE,
    Q_EFFORT,
    Q_SELF_PAY,
    Q_SITE,
    Q_NETWORK,
    Q_COMMUNITY,
) = range(1, 84)

FIXED = 2**32 - 1  # "replication" of what does not change between replications (beds, owners)

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_5 = np.uint64(5)
_6 = np.uint64(6)
_GRID = 1048576.0  # 2**20 steps a day


@compiled
def philox(k0, k1, c0, c1, c2, c3):
    """Philox 4x32-10: four 32-bit words (as uint64) from a 2-word key and a 4-word counter."""
    a = np.uint64(k0) & _LOW
    b = np.uint64(k1) & _LOW
    x0 = np.uint64(c0) & _LOW
    x1 = np.uint64(c1) & _LOW
    x2 = np.uint64(c2) & _LOW
    x3 = np.uint64(c3) & _LOW
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = (p1 >> _32) ^ x1 ^ a, p1 & _LOW, (p0 >> _32) ^ x3 ^ b, p0 & _LOW
        a = (a + _W0) & _LOW
        b = (b + _W1) & _LOW
    return x0, x1, x2, x3


@compiled
def uniform(key, quantity, attempt, hospital, drug):
    """The uniform number of one quantity of one entity (Salmon et al. 2011, Philox 4x32-10).

    Parameters
    ----------
    key : tuple of 2 int
        Seed and replication.
    quantity : int
        What is drawn, one of the `Q_` numbers.
    attempt : int
        Which draw of it, from 0.
    hospital, drug : int
        Ids of the entities that it belongs to, 0 for none.

    Returns
    -------
    float
        Inside (0, 1), never 0 or 1; 53 random bits.
    """
    x0, x1, _, _ = philox(key[0], key[1], quantity, attempt, hospital, drug)
    return (float(x0 >> _5) * 67108864.0 + float(x1 >> _6) + 0.5) / 9007199254740992.0


# Wichura (1988), algorithm AS 241, PPND16: numerator and denominator, highest power first
CENTRE = (  # |p - 1/2| up to 0.425, in 0.180625 - q²
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
FLANK = (  # r - 1.6, r = sqrt(-log(tail)) up to 5
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
TAIL = (  # r - 5 beyond
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


@compiled
def _polynomial(x, a7, a6, a5, a4, a3, a2, a1, a0):
    """By Horner's rule."""
    return ((((((a7 * x + a6) * x + a5) * x + a4) * x + a3) * x + a2) * x + a1) * x + a0


@compiled
def normal_quantile(p):
    """Inverse of the standard normal distribution (Wichura 1988, AS 241, PPND16; error below 1e-15)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        x = 0.180625 - q * q
        return q * _polynomial(x, *CENTRE[0]) / _polynomial(x, *CENTRE[1])
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        z = _polynomial(r - 1.6, *FLANK[0]) / _polynomial(r - 1.6, *FLANK[1])
    else:
        z = _polynomial(r - 5.0, *TAIL[0]) / _polynomial(r - 5.0, *TAIL[1])
    return -z if q < 0.0 else z


@compiled
def normal(key, quantity, attempt, hospital, drug):
    """The standard normal number of one quantity of one entity."""
    return normal_quantile(uniform(key, quantity, attempt, hospital, drug))


@compiled
def exponential(key, quantity, attempt, hospital, drug):
    """The Exp(1) number of one quantity of one entity."""
    return -math.log(uniform(key, quantity, attempt, hospital, drug))


@compiled
def grid(t):
    """Round a time in days to the grid of 2**-20 day, on which sums are exact; never stays never."""
    if t >= 1e9:
        return math.inf
    return math.floor(t * _GRID + 0.5) / _GRID


@compiled
def _uniforms(key, quantity, attempt, hospitals, drugs, out):
    """Fill out (float64, N) with a number for each of the ids in hospitals and drugs (int64, N)."""
    for i in range(out.size):
        out[i] = uniform(key, quantity, attempt, hospitals[i], drugs[i])


@compiled
def _normals(u):
    """Turn uniform numbers u (float64, N) into standard normal ones, in place."""
    for i in range(u.size):
        u[i] = normal_quantile(u[i])


@compiled
def _exponentials(u):
    """Turn uniform numbers u (float64, N) into Exp(1) ones, in place."""
    for i in range(u.size):
        u[i] = -math.log(u[i])


def uniforms(key: tuple[int, int], quantity: int, *, hospitals=None, drugs=None, attempt: int = 0) -> np.ndarray:
    """Uniform numbers of one quantity for many entities: float64, shape of the id arrays given."""
    n = len(hospitals) if hospitals is not None else len(drugs)
    zero = np.zeros(n, np.int64)
    h = zero if hospitals is None else np.asarray(hospitals, np.int64)
    d = zero if drugs is None else np.asarray(drugs, np.int64)
    out = np.empty(n)
    _uniforms(key, quantity, attempt, h, d, out)
    return out


def normals(key: tuple[int, int], quantity: int, *, hospitals=None, drugs=None, attempt: int = 0) -> np.ndarray:
    """Standard normal numbers of one quantity for many entities; as `uniforms`."""
    out = uniforms(key, quantity, hospitals=hospitals, drugs=drugs, attempt=attempt)
    _normals(out)
    return out


def exponentials(key: tuple[int, int], quantity: int, *, hospitals=None, drugs=None, attempt: int = 0) -> np.ndarray:
    """Exp(1) numbers of one quantity for many entities; as `uniforms`, bit for bit those of `exponential`."""
    out = uniforms(key, quantity, hospitals=hospitals, drugs=drugs, attempt=attempt)
    _exponentials(out)
    return out


def stable_id(*parts: object) -> int:
    """A 32-bit id, never 0, from names: the same on every machine and in every order."""
    text = "\x1f".join(str(p) for p in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big") or 1


def numbered_ids(count: int, *parts: object) -> np.ndarray:
    """Ids of `count` numbered entities of one family: int64, all different within the family.

    A bijective 32-bit mixer (Murmur3's finaliser) over the ordinal, shifted by the family's hash, so that
    a family of a million has no two alike, and growing a family keeps the ids it had.
    """
    return _mixed(np.arange(count, dtype=np.uint64), *parts)


def numbered_id(ordinal: int, *parts: object) -> int:
    """The id at a place, from 0, of `numbered_ids`."""
    return int(_mixed(np.array([ordinal], np.uint64), *parts)[0])


def _mixed(ordinals: np.ndarray, *parts: object) -> np.ndarray:
    low = np.uint64(0xFFFFFFFF)
    x = (ordinals + np.uint64(stable_id(*parts))) & low
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        x ^= x >> np.uint64(shift)
        x = (x * np.uint64(factor)) & low
    return x.astype(np.int64)


def check_unique(ids: Iterable[int], names: Iterable[str], what: str) -> None:
    """Raise ValueError naming two entities of one id; the remedy is another name for either."""
    seen: dict[int, str] = {}
    for i, name in zip(ids, names, strict=True):
        i = int(i)
        if i in seen:
            raise ValueError(f"{what}: {seen[i]!r} and {name!r} have the same id; rename one of them")
        seen[i] = name
