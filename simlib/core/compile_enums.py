"""Members of an `IntEnum` become plain integers in compiled code.

numba has a separate type for enum members, which cannot be unified with integers (for example when one branch assigns
`Ground.VALUE` and another a field of a record) and which takes extra time to compile.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from numba.core import ir
from numba.core.compiler_machinery import FunctionPass, register_pass


@register_pass(mutates_CFG=False, analysis_only=False)
class EnumsAsNumbers(FunctionPass):
    """Replace each `Enum.MEMBER` by its number before types are inferred."""

    _name = "simlib_enums_as_numbers"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Whether anything was replaced."""
        enums: dict[str, type[IntEnum]] = {}
        found = False
        for block in state.func_ir.blocks.values():
            for statement in block.find_insts(ir.Assign):
                value = statement.value
                if isinstance(value, (ir.Global, ir.FreeVar)) and _is_enum(value.value):
                    enums[statement.target.name] = value.value
                elif isinstance(value, ir.Expr) and value.op == "getattr" and value.value.name in enums:
                    member = enums[value.value.name][value.attr]
                    statement.value = ir.Const(int(member), value.loc)
                    found = True
        return found


def _is_enum(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, IntEnum)
