"""How numba is told to compile the model: each function once to LLVM's language, machine code for what Python calls.

Left to itself numba makes every function ready to be called from Python: two wrappers, machine code of its own and a
copy of everything it calls in turn, optimised each time anew, for two hundred functions of which Python calls thirty.
Here a function that is called from compiled code is a part: it is typed and lowered. The functions that Python calls
are linked from parts, optimised and turned into machine code once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import update_wrapper

from llvmlite.binding import Linkage, parse_assembly
from numba import njit, types
from numba.core import compiler, typed_passes, untyped_passes
from numba.core.caching import NullCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.dispatcher import _FunctionCompiler
from numba.core.registry import cpu_target
from numba.core.typing import Signature, make_concrete_template

from simlib.core.compile_cache import FILES
from simlib.core.compile_enums import EnumsAsNumbers

OPTIONS = {"nogil": True, "no_cfunc_wrapper": True}


class PartLibrary(JITCodeLibrary):
    """LLVM code of one function, to be linked into others; never machine code."""

    def add_llvm_module(self, ll_module) -> None:
        """Take code as it comes: it is optimised where it is linked."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Nothing is to be done."""
        self._finalized = True


class WholeLibrary(JITCodeLibrary):
    """Machine code of a function with all its parts."""

    def add_llvm_module(self, ll_module) -> None:
        """Take code as it comes: it is optimised once, with its parts."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Link the parts of the parts too, then optimise all together."""
        self._linking_libraries = list(_closure(self._linking_libraries, set()))
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Once (numba optimises twice, to prune counts of references, of which there are few here).

        At level 1 the code runs as fast as at 2 and 3.
        """
        manager, builder = self._codegen._module_pass_manager(opt=1)
        manager.run(self._final_module, builder)

    def serialize_using_object_code(self):
        """The machine code, and a module that names its functions: nothing is ever linked with it."""
        self._ensure_finalized()
        code = self._get_compiled_object()
        names = [f.name for f in self._final_module.functions if not f.is_declaration and f.linkage == Linkage.external]
        stub = parse_assembly("\n".join(f'define void @"{name}"() {{ ret void }}' for name in names))
        return self.name, "object", (code, stub.as_bitcode())


def _closure(libraries: list, seen: set) -> Iterator[JITCodeLibrary]:
    """All libraries that these need, each once."""
    for library in libraries:
        if id(library) in seen:
            continue
        seen.add(id(library))
        yield library
        if isinstance(library, PartLibrary):
            yield from _closure(library._linking_libraries, seen)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(typed_passes.NativeLowering):
    _name = "simlib_lower_whole"
    library = WholeLibrary

    def run_pass(self, state):
        """Lower into a library of the wanted class."""
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(_LowerWhole):
    _name = "simlib_lower_part"
    library = PartLibrary

    def run_pass(self, state):
        """Lower, and ask for no address."""
        state.flags.no_compile = True
        return super().run_pass(state)


class _Whole(compiler.CompilerBase):
    """numba's pipeline without the passes that the model has no use for (closures, parallel loops, literals)."""

    lowering = _LowerWhole

    def compile_extra(self, func):
        """Compile a function, remembering what its operators give."""
        with _remembering():
            return super().compile_extra(func)

    def define_pipelines(self):
        """The passes, in numba's order."""
        pm = PassManager("simlib")
        for step in (
            untyped_passes.TranslateByteCode,
            untyped_passes.FixupArgs,
            untyped_passes.IRProcessing,
            EnumsAsNumbers,
            untyped_passes.GenericRewrites,
            untyped_passes.ReconstructSSA,
            typed_passes.NopythonTypeInference,
            typed_passes.PreLowerStripPhis,
            typed_passes.NopythonRewrites,
            typed_passes.IRLegalization,
            typed_passes.AnnotateTypes,
            self.lowering,
            typed_passes.NoPythonBackend,
        ):
            pm.add_pass(step, step.__name__)
        pm.finalize()
        return [pm]


@contextmanager
def _remembering() -> Iterator[None]:
    """Within: numba asks a dozen rules what the sum of two floats is once, not once for every sum."""
    context = cpu_target.typing_context
    if "resolve_function_type" in vars(context):  # a function compiled on behalf of another
        yield
        return
    resolve = context.resolve_function_type

    def remembered(func, args, kws):
        other = isinstance(func, types.Callable) and not isinstance(func, types.Function)
        if kws or other or not all(isinstance(a, (types.Type, str)) for a in args):
            return resolve(func, args, kws)
        key = func, tuple(args)
        if key not in _known:
            _known[key] = resolve(func, args, kws)
        return _known[key]

    context.resolve_function_type = remembered
    try:
        yield
    finally:
        del context.resolve_function_type


_known: dict[tuple, Signature] = {}


class _Partly(_Whole):
    lowering = _LowerPart


@dataclass(frozen=True, eq=False)
class _Part:
    """One function for one signature, found again by identity."""

    signature: Signature


class Compiled:
    """A function of the model, compiled for the types it is called with, or run as plain Python (see `run_plainly`)."""

    is_compiling = False  # no function of the model calls itself

    def __init__(self, function: Callable) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.whole = njit(**OPTIONS, pipeline_class=_Whole)(function)
        self.whole._cache = _Cache(function)
        options = OPTIONS | {"nopython": True, "no_cpython_wrapper": True}
        self.compiler = _FunctionCompiler(function, cpu_target, options, {}, _Partly)
        self.parts: dict[tuple, _Part] = {}

    def __call__(self, *args):
        """Call it from Python."""
        return self.py_func(*args) if _plain_now or is_plain() else self.whole(*args)

    @property
    def _numba_type_(self) -> types.Type:
        """To compiled functions it is a dispatcher like numba's own."""
        return types.Dispatcher(self)

    def get_call_template(self, args, kws):
        """What numba's typing asks of a dispatcher: makes the part at need."""
        args, kws = [_unspecific(a) for a in args], {k: _unspecific(v) for k, v in kws.items()}
        pysig, args = self.compiler.fold_argument_types(args, kws)
        if args not in self.parts:
            self.parts[args] = self._compile(args)
        name, signature = self.py_func.__name__, self.parts[args].signature
        return make_concrete_template(f"Part({name})", key=name, signatures=[signature]), pysig, args, {}

    def get_overload(self, args):
        """What numba's lowering asks of a dispatcher: the key of the part for these types."""
        return self.parts[tuple(args)]

    @property
    def nopython_signatures(self) -> list[Signature]:
        """What numba shows in its messages."""
        return [part.signature for part in self.parts.values()]

    def _compile(self, args):
        found = self.compiler.compile(args, None)
        part = _Part(found.signature)
        cpu_target.target_context.insert_user_function(part, found.fndesc, [found.library])
        return part


def _unspecific(kind):
    """The type that a compiled callee takes for an argument: no constants, no short integers.

    numba compiles a function anew for each constant and each width of integer that it is called with: one note of the
    event log became forty-seven functions, and compiling took twice as long.
    """
    kind = types.unliteral(kind)
    return types.int64 if kind in (types.int32, types.int8) else kind


class _Cache(NullCache):
    """Compiled functions on the disk, in numba's terms."""

    def __init__(self, function: Callable) -> None:
        self.name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"

    def load_overload(self, sig, target_context):
        """The function for a signature, ready to be called; None where it was not compiled yet."""
        target_context.refresh()
        found = FILES.read(self._name(sig))
        return None if found is None else compiler.CompileResult._rebuild(target_context, *found)

    def save_overload(self, sig, data) -> None:
        """Keep a compiled function."""
        FILES.write(self._name(sig), data._reduce())

    def _name(self, sig) -> str:
        return f"{self.name}-{hashlib.sha256(repr(sig).encode()).hexdigest()[:16]}"


# which way functions run in this process; None: not chosen yet
_plain_now: bool | None = None


def run_plainly(plain: bool) -> None:
    """From now on the model's functions run as plain Python, or else compiled: with the same bits."""
    global _plain_now
    _plain_now = plain


def is_plain() -> bool:
    """Whether they run as plain Python: at first they do unless everything is compiled."""
    if _plain_now is None:
        run_plainly(not FILES.complete())
    return _plain_now
