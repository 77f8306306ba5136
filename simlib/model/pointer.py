"""One pointer to all arrays of a replication, as compiled functions take it (needs numba).

A counted struct costs two atomic operations wherever a function takes it or reads an array of it, which came to half of
all CPU time. So the arrays are described by words in a buffer of their own, the compiled code reads each description where
it needs it, and the Python object that the compiled entry points are called with keeps arrays and buffer alive. A function
marked `@compiled` sees an array as ever. Nothing about the arrays changes while it lives (only their contents do), which
the compiler is told.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite.ir import Constant, IntType
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    unbox,
)
from numba.np.arrayobj import get_itemsize


class PointerType(types.Type):
    """The address of the words that describe named arrays (and tuples of arrays or of whole numbers)."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        self.places: dict[str, tuple[types.Type, int]] = {}
        at = 0
        for name, kind in fields:
            self.places[name] = kind, at
            at += words_of(kind)
        # a short name: it is a part of the name of every compiled function
        digest = hashlib.blake2b(repr(fields).encode(), digest_size=8).hexdigest()
        super().__init__(name=f"Pointer_{digest}")


def words_of(kind: types.Type) -> int:
    """How many words of 8 bytes describe a field: an array its address and shape; a whole number itself.

    A record by itself (an array without axes) is its address.
    """
    if isinstance(kind, types.Array) and kind.layout == "C":
        return 1 + kind.ndim
    if isinstance(kind, types.BaseTuple):
        return sum(words_of(k) for k in kind)
    if isinstance(kind, types.Integer):
        return 1
    raise TypeError(f"compiled code takes contiguous arrays, whole numbers and tuples of these, no {kind}")


def is_record(kind: types.Type) -> bool:
    """Whether a field is one record by itself."""
    return isinstance(kind, types.Array) and kind.ndim == 0 and isinstance(kind.dtype, types.Record)


def describe(value: Any) -> list[int]:
    """The words of a field, in the order in which `load` reads them."""
    if isinstance(value, np.ndarray):
        return [value.ctypes.data, *value.shape]
    if isinstance(value, tuple):
        return [word for v in value for word in describe(v)]
    return [int(value)]


_kinds: dict[tuple, types.Type] = {}


def kind_of(value: Any) -> types.Type:
    """The type of a field; numba takes records apart anew each time, which came to an eighth of a province's run."""
    if not isinstance(value, np.ndarray):
        return types.unliteral(numba.typeof(value))
    flags = value.flags
    key = value.dtype, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned
    if key not in _kinds:
        _kinds[key] = types.unliteral(numba.typeof(value))
    return _kinds[key]


class Pointer:
    """What compiled entry points are called with. `arrays` are kept alive as long as it is."""

    def __init__(self, arrays: NamedTuple) -> None:
        kinds = [kind_of(value) for value in arrays]
        self._numba_type_ = PointerType(tuple(zip(arrays._fields, kinds, strict=True)))
        self.arrays = arrays
        self.words = np.array([word for value in arrays for word in describe(value)], np.int64)
        self.address = self.words.ctypes.data


@register_model(PointerType)
class PointerModel(models.OpaqueModel):
    """An address that owns nothing."""


@unbox(PointerType)
def _unbox(typ, obj, c):
    address = c.pyapi.object_getattr_string(obj, "address")
    value = c.builder.inttoptr(c.pyapi.long_as_longlong(address), cgutils.voidptr_t)
    c.pyapi.decref(address)
    return NativeValue(value)


@infer_getattr
class PointerAttribute(AttributeTemplate):
    """`S.name` is the field of that name."""

    key = PointerType

    def generic_resolve(self, typ, attr):
        """The type of a field."""
        kind = typ.places[attr][0] if attr in typ.places else None
        return kind.dtype if is_record(kind) else kind


@lower_getattr_generic(PointerType)
def _read(context, builder, typ, value, attr):
    kind, place = typ.places[attr]
    words = builder.bitcast(value, context.get_value_type(types.int64).as_pointer())
    return load(context, builder, kind, words, place)


def load(context, builder, kind, words, place):
    """A field from the words that describe it: an array without an owner, so that nobody counts references to it."""
    if isinstance(kind, types.BaseTuple):
        parts = []
        for k in kind:
            parts.append(load(context, builder, k, words, place))
            place += words_of(k)
        return context.make_tuple(builder, kind, parts)
    if is_record(kind):
        return builder.inttoptr(_word(builder, words, place), context.get_value_type(kind.dtype))
    if isinstance(kind, types.Array):
        return _array(context, builder, kind, words, place)
    return _word(builder, words, place)


def _array(context, builder, kind, words, place):
    """numba's own structure of an array, with no more instructions than it needs: a third of all code was once here."""
    whole = context.get_value_type(kind)
    fields = context.data_model_manager[kind].get_field_position
    data = whole.elements[fields("data")]
    size = context.get_constant(types.intp, get_itemsize(context, kind))
    array = Constant(whole, None)  # no owner
    array = builder.insert_value(array, _word(builder, words, place, data), fields("data"))
    array = builder.insert_value(array, size, fields("itemsize"))
    items = None
    for axis in reversed(range(kind.ndim)):
        length = _word(builder, words, place + 1 + axis)
        array = builder.insert_value(array, length, (fields("shape"), axis))
        array = builder.insert_value(array, size, (fields("strides"), axis))
        size = builder.mul(size, length) if axis else size
        items = length if items is None else builder.mul(items, length)
    return builder.insert_value(array, items, fields("nitems"))


def _word(builder, words, place, kind=None):
    """One word, which the compiler may keep: it never changes."""
    at = builder.gep(words, [Constant(IntType(32), place)])
    found = builder.load(at if kind is None else builder.bitcast(at, kind.as_pointer()))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found
