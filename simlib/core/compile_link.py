"""How machine code is made: many functions and all that they call become one module, optimised once.

Left to itself numba gives every function machine code of its own, with a copy of everything that it calls in turn
that is optimised each time anew. Here what a function calls is a part: code in LLVM's language that waits until the
functions that Python calls are linked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from llvmlite.binding import Linkage, parse_assembly
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import CodeLibrary, JITCodeLibrary

WRAPPER = "_ZN7cpython"  # how numba begins the names of functions that Python calls


class PartLibrary(JITCodeLibrary):
    """LLVM code of one function, to be linked into others; never machine code."""

    def __init__(self, codegen, name: str) -> None:
        CodeLibrary.__init__(self, codegen, name)
        self._linking_libraries: list[CodeLibrary] = []
        self._final_module = self._shared_module = None

    def add_ir_module(self, ir_module) -> None:
        """Take code as it comes: it is optimised where it is linked."""
        self._raise_if_finalized()
        for function in ir_module.functions:
            if not function.is_declaration and not function.linkage and not function.name.startswith(WRAPPER):
                function.linkage = "linkonce_odr"  # many modules may hold it
        module = parse_assembly(normalize_ir_text(str(ir_module)))
        if self._final_module is None:
            self._final_module = module
        else:
            self._final_module.link_in(module)

    def finalize(self) -> None:
        """Nothing is to be done."""
        self._finalized = True

    def _get_module_for_linking(self):
        """For functions that numba compiles by itself: they expect all that this one calls, too."""
        if self._shared_module is None:
            self._shared_module = self._final_module.clone()
            for module in _modules(self._linking_libraries, {id(self)}):
                self._shared_module.link_in(module, preserve=True)
        return self._shared_module


class LinkedLibrary(JITCodeLibrary):
    """Machine code of functions that Python calls, with all their parts."""

    def add_parts(self, libraries: Iterable[CodeLibrary]) -> None:
        """Link functions and all that they call."""
        seen: set[int] = set()
        for library in libraries:
            for module in _modules([library], seen):
                self._final_module.link_in(module, preserve=True)

    def _optimize_final_module(self) -> None:
        """Once (numba optimises twice, to prune counts of references, of which there are few here).

        At level 1 the code runs as fast as at 2 and 3.
        """
        for function in self._final_module.functions:
            if not function.is_declaration and not function.name.startswith(WRAPPER):
                function.linkage = Linkage.internal
        manager, builder = self._codegen._module_pass_manager(opt=1)
        manager.run(self._final_module, builder)

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """The machine code, and a module that names its functions: nothing is ever linked with it."""
        self._ensure_finalized()
        code = self._get_compiled_object()
        names = [f.name for f in self._final_module.functions if not f.is_declaration and f.linkage == Linkage.external]
        stub = parse_assembly("\n".join(f'define void @"{name}"() {{ ret void }}' for name in names))
        return self.name, "object", (code, stub.as_bitcode())


def _modules(libraries: list[CodeLibrary], seen: set[int]) -> Iterator[Any]:
    """The modules of these libraries and of all that they need, each once."""
    for library in libraries:
        if id(library) in seen:
            continue
        seen.add(id(library))
        if isinstance(library, PartLibrary):
            yield library._final_module
            yield from _modules(library._linking_libraries, seen)
        else:
            yield library._get_module_for_linking()
