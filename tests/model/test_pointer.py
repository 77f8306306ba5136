"""The pointer to all arrays: compiled functions see every field, and nothing is counted on the way."""

from __future__ import annotations

import gc
import weakref
from typing import NamedTuple

import numpy as np
import pytest

numba = pytest.importorskip("numba")
from simlib.model.pointer import Pointer  # noqa: E402

ROW = np.dtype([("a", "f8"), ("b", "i4")])


class Inner(NamedTuple):
    day: np.ndarray


class Fields(NamedTuple):
    key: tuple
    table: Inner
    x: np.ndarray
    rows: np.ndarray


def fields() -> Fields:
    return Fields((3, 4), Inner(np.arange(3.0)), np.arange(20.0).reshape(10, 2), np.zeros(10, ROW))


@numba.njit
def read(S, i):
    S.rows[i]["b"] += 1
    S.x[i, 0] = -1.0
    return S.key[1] + S.table.day[2] + S.x[i, 1] + S.x.shape[1]


def test_a_compiled_function_reads_and_writes_every_field_through_the_pointer():
    arrays = fields()
    assert read(Pointer(arrays), 2) == 4 + 2.0 + 5.0 + 2
    assert arrays.rows["b"].tolist() == [0, 0, 1, *[0] * 7] and arrays.x[2, 0] == -1.0


def test_no_function_counts_references():
    read(Pointer(fields()), 0)
    code = read.inspect_llvm(read.signatures[0])
    assert "call void @NRT_incref" not in code and "call void @NRT_decref" not in code


def test_the_pointer_keeps_its_arrays_alive_and_lets_them_go_with_itself():
    arrays = fields()
    seen, pointer = weakref.ref(arrays.x), Pointer(arrays)
    del arrays
    gc.collect()
    assert seen() is not None and read(pointer, 1) == 4 + 2.0 + 3.0 + 2
    del pointer
    gc.collect()
    assert seen() is None


def test_what_compiled_code_cannot_take_is_refused_by_name():
    with pytest.raises(TypeError, match="no unicode_type"):
        Pointer(fields()._replace(x="text"))
