"""Records that explain themselves: each field is declared once, with its type, its unit and its meaning.

    class Case(Record):
        \"\"\"A pair whose department has asked.\"\"\"

        state: int = i4("PairState", "what it waits for now")
        stock: float = f8("day", "first day on the shelf, inf for never")

From this come the NumPy dtype (`Case.dtype`), the tables of `docs/state.md`, and completion in an editor. Compiled
code reads and writes a row of such an array by attribute (`case.stock`); so does plain Python, through `Rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

R = TypeVar("R", bound="Record")


class Field:
    """One field of a record: how it is stored, its unit, what it means.

    Parameters
    ----------
    kind
        NumPy type code, such as ``"f8"``.
    unit
        Unit of the value: ``"day"``, ``"yuan"``, ``"1"`` for a plain number, or the name of the enum it is a member of.
    meaning
        One sentence for whoever reads the state.
    each
        For a field that holds several numbers: the name of each, in order.
    """

    name: str

    def __init__(self, kind: str, unit: str, meaning: str, each: tuple[str, ...] = ()) -> None:
        self.kind, self.unit, self.meaning, self.each = kind, unit, meaning, each

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Record | None, owner: type) -> Any:
        if row is None:
            return self
        value = row._values[self.name]
        return value if self.each else value.item()  # Python's own numbers compare with enums a hundred times faster

    def __set__(self, row: Record, value: Any) -> None:
        row._values[self.name] = value


def f8(unit: str, meaning: str, each: tuple[str, ...] = ()) -> Any:
    """A field of 64-bit floating-point numbers, in this unit."""
    return Field("f8", unit, meaning, each)


def i8(unit: str, meaning: str) -> Any:
    """A field of 64-bit whole numbers."""
    return Field("i8", unit, meaning)


def i4(unit: str, meaning: str) -> Any:
    """A field of 32-bit whole numbers."""
    return Field("i4", unit, meaning)


def i2(unit: str, meaning: str) -> Any:
    """A field of 16-bit whole numbers."""
    return Field("i2", unit, meaning)


def i1(unit: str, meaning: str) -> Any:
    """A field of 8-bit whole numbers."""
    return Field("i1", unit, meaning)


def flag(meaning: str) -> Any:
    """A field that is true or false."""
    return Field("?", "yes/no", meaning)


class _Slots(type):
    """A record's class has no room for a misspelt attribute."""

    def __new__(mcs, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> _Slots:
        return super().__new__(mcs, name, bases, {"__slots__": ()} | members)


_kinds: dict[np.dtype, type[Record]] = {}  # by dtype, to tell a row of which record it is


class Record(metaclass=_Slots):
    """One row of a record array, as plain Python reads and writes it; see the head of this module."""

    __slots__ = ("_values",)

    fields: ClassVar[tuple[Field, ...]]
    dtype: ClassVar[np.dtype]

    def __init_subclass__(cls) -> None:
        cls.fields = tuple(v for v in vars(cls).values() if isinstance(v, Field))
        cls.dtype = np.dtype([(f.name, f.kind, (len(f.each),)) if f.each else (f.name, f.kind) for f in cls.fields])
        if _kinds.setdefault(cls.dtype, cls) is not cls:
            raise TypeError(f"{cls.__name__} has the same fields as {_kinds[cls.dtype].__name__}")

    def __init__(self, values: np.void) -> None:
        self._values = values

    @classmethod
    def zeros(cls, *shape: int) -> np.ndarray:
        """A new array of such records, all zero."""
        return np.zeros(shape, cls.dtype)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of the numbers in a record, in order: of several in one field each by itself."""
        return tuple(name for f in cls.fields for name in (f.each or (f.name,)))

    @classmethod
    def flat(cls, rows: np.ndarray) -> np.ndarray:
        """A view of records that hold nothing but 64-bit floats, as one more axis in the order of `names`."""
        return rows.view(np.float64).reshape(*rows.shape, len(cls.names()))


class Rows(Generic[R]):
    """An array of records, as functions of the model see it where they run as plain Python.

    (`np.recarray` does the same six times as slowly, and hides fields that are called like an attribute of NumPy's.)
    """

    __slots__ = ("array", "kind", "shape", "size")

    def __init__(self, array: np.ndarray, kind: type[R]) -> None:
        self.array, self.kind, self.shape, self.size = array, kind, array.shape, array.size

    def __getitem__(self, place: int | tuple[int, ...]) -> R:
        return self.kind(self.array[place])

    def __iter__(self) -> Iterator[R]:
        return map(self.kind, self.array)


def plainly(value: Any) -> Any:
    """What functions of the model take for a value where they run as plain Python: records by attribute, the rest as it is.

    An array of records becomes `Rows`, a single one its `Record`; named tuples are taken apart.
    """
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(plainly, value))
    kind = _kinds.get(getattr(value, "dtype", None))
    if kind is None:
        return value
    return Rows(value, kind) if value.ndim else kind(value[()])
