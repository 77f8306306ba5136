"""`prefetch` as compiled code: an instruction a cache line of the element, and no load that could be waited for."""

from __future__ import annotations

from llvmlite.ir import Constant, FunctionType, IntType, VoidType
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin
from numba.np.arrayobj import get_itemsize, make_array

from simlib.core.prefetch import LINE, prefetch

FOR_READING, KEEP, DATA = (Constant(IntType(32), i) for i in (0, 3, 1))


@infer_global(prefetch)
class _Prefetch(AbstractTemplate):
    def generic(self, args, kws):
        """An array and as many whole numbers as it has axes."""
        array, *place = args
        if (
            isinstance(array, types.Array)
            and array.ndim == len(place)
            and all(isinstance(p, types.Integer) for p in place)
        ):
            return signature(types.none, array, *(types.intp for _ in place))
        return None


@lower_builtin(prefetch, types.Array, types.VarArg(types.Integer))
def _prefetch(context, builder, sig, args):
    kind, (value, *place) = sig.args[0], args
    array = make_array(kind)(context, builder, value)
    element = cgutils.get_item_pointer(context, builder, kind, array, place, wraparound=False)
    first = builder.bitcast(element, cgutils.voidptr_t)
    call = cgutils.get_or_insert_function(
        builder.module, FunctionType(VoidType(), [cgutils.voidptr_t, *[IntType(32)] * 3]), "llvm.prefetch.p0"
    )
    size = get_itemsize(context, kind)
    for byte in {*range(0, size, LINE), size - 1}:
        builder.call(call, [cgutils.pointer_add(builder, first, byte), FOR_READING, KEEP, DATA])
    return context.get_dummy_value()
