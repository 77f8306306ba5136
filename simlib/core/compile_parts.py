"""How numba compiles the model: each function is lowered to LLVM code once, and only what Python calls becomes machine code.

By default numba prepares every function to be called from Python. It adds two wrappers, and generates and optimises
machine code for the function together with a copy of everything it calls. The model has about two hundred compiled
functions, of which Python calls about thirty, so most of that work is wasted.

Here a function that other compiled functions call is a *part*: numba infers its types and lowers it to LLVM code, and
stops there. A function that Python calls is a *whole*: it is linked with its parts, optimised and turned into machine
code once.
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

OPTIONS = {"nogil": True, "no_cfunc_wrapper": True}


class PartLibrary(JITCodeLibrary):
    """The LLVM code of a part. It is linked into other libraries and never becomes machine code itself."""

    def add_llvm_module(self, ll_module) -> None:
        """Add a module without optimising it; the library that links this one does that."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Mark the library as final; there is no machine code to generate."""
        self._finalized = True


class WholeLibrary(JITCodeLibrary):
    """The machine code of a whole, together with all of its parts."""

    def add_llvm_module(self, ll_module) -> None:
        """Add a module without optimising it; `finalize` optimises it once, together with its parts."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Link all parts, including those that other parts call, and optimise the result."""
        self._linking_libraries = list(_closure(self._linking_libraries, set()))
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Run LLVM's optimiser once, at level 1.

        Numba runs it twice so that it can prune reference counts in between; the model's code has few of them. Code
        optimised at level 1 runs as fast as at levels 2 and 3, and takes less time to compile.
        """
        manager, builder = self._codegen._module_pass_manager(opt=1)
        manager.run(self._final_module, builder)

    def serialize_using_object_code(self):
        """The machine code, with a stub module in place of the LLVM code.

        Numba expects a module that names the external functions. Nothing is ever linked with it, so empty functions do.
        """
        self._ensure_finalized()
        code = self._get_compiled_object()
        names = [f.name for f in self._final_module.functions if not f.is_declaration and f.linkage == Linkage.external]
        stub = parse_assembly("\n".join(f'define void @"{name}"() {{ ret void }}' for name in names))
        return self.name, "object", (code, stub.as_bitcode())


def _closure(libraries: list, seen: set) -> Iterator[JITCodeLibrary]:
    """Yield these libraries and everything that they link in turn, each of them once."""
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
        """Lower the function into a library of this pass's class."""
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(_LowerWhole):
    _name = "simlib_lower_part"
    library = PartLibrary

    def run_pass(self, state):
        """Lower the function without asking for the address of its machine code."""
        state.flags.no_compile = True
        return super().run_pass(state)


class _Whole(compiler.CompilerBase):
    """Numba's compiler pipeline without passes that the model does not need: closures, parallel loops and literals."""

    lowering = _LowerWhole

    def compile_extra(self, func):
        """Compile a function while the types of operators are memoised (see `_remembering`)."""
        with _remembering():
            return super().compile_extra(func)

    def define_pipelines(self):
        """Define the passes, in the order in which numba runs them."""
        pm = PassManager("simlib")
        for step in (
            untyped_passes.TranslateByteCode,
            untyped_passes.FixupArgs,
            untyped_passes.IRProcessing,
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
    """Memoise how numba resolves the type of a call, within the block.

    To type the sum of two floats numba tries about a dozen rules, and it does so anew for each sum in the source.
    """
    context = cpu_target.typing_context
    if "resolve_function_type" in vars(context):  # already memoising: this function is compiled on behalf of another
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
    """A part for one signature. Numba looks it up by identity, hence `eq=False`."""

    signature: Signature


class Compiled:
    """A function of the model. It is compiled for the types that it is called with, or runs as plain Python.

    `run_plainly` chooses between the two for the whole process. The results are equal to the last bit.
    """

    is_compiling = False  # numba asks this to handle recursion; no function of the model calls itself

    def __init__(self, function: Callable) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.whole = njit(**OPTIONS, pipeline_class=_Whole)(function)
        self.whole._cache = _Cache(function)
        options = OPTIONS | {"nopython": True, "no_cpython_wrapper": True}
        self.compiler = _FunctionCompiler(function, cpu_target, options, {}, _Partly)
        self.parts: dict[tuple, _Part] = {}

    def __call__(self, *args):
        """Call the function from Python."""
        return self.py_func(*args) if _plain_now or is_plain() else self.whole(*args)

    @property
    def _numba_type_(self) -> types.Type:
        """The numba type of this object: compiled callers treat it like one of numba's own dispatchers."""
        return types.Dispatcher(self)

    def get_call_template(self, args, kws):
        """Give numba's type inference a template for a call with these types, compiling the part if it is new."""
        args, kws = [_unspecific(a) for a in args], {k: _unspecific(v) for k, v in kws.items()}
        pysig, args = self.compiler.fold_argument_types(args, kws)
        if args not in self.parts:
            self.parts[args] = self._compile(args)
        name, signature = self.py_func.__name__, self.parts[args].signature
        return make_concrete_template(f"Part({name})", key=name, signatures=[signature]), pysig, args, {}

    def get_overload(self, args):
        """Give numba's lowering the part for these types."""
        return self.parts[tuple(args)]

    @property
    def nopython_signatures(self) -> list[Signature]:
        """The signatures compiled so far, which numba lists in its error messages."""
        return [part.signature for part in self.parts.values()]

    def _compile(self, args):
        found = self.compiler.compile(args, None)
        part = _Part(found.signature)
        cpu_target.target_context.insert_user_function(part, found.fndesc, [found.library])
        return part


def _unspecific(kind):
    """The type under which a part takes an argument: never a literal type, and integers always as int64.

    Numba compiles a function again for each literal and each integer width that it is called with. One function of the
    event log was compiled forty-seven times for that reason, and compiling the model took twice as long.
    """
    kind = types.unliteral(kind)
    return types.int64 if kind in (types.int32, types.int8) else kind


class _Cache(NullCache):
    """The on-disk cache of one compiled function, behind the interface that numba expects."""

    def __init__(self, function: Callable) -> None:
        self.name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"

    def load_overload(self, sig, target_context):
        """Load the function for a signature, ready to be called; None if it has not been compiled yet."""
        target_context.refresh()
        found = FILES.read(self._name(sig))
        return None if found is None else compiler.CompileResult._rebuild(target_context, *found)

    def save_overload(self, sig, data) -> None:
        """Store the compiled function for a signature."""
        FILES.write(self._name(sig), data._reduce())

    def _name(self, sig) -> str:
        return f"{self.name}-{hashlib.sha256(repr(sig).encode()).hexdigest()[:16]}"


# whether functions run as plain Python in this process; None until `is_plain` or `run_plainly` decides
_plain_now: bool | None = None


def run_plainly(plain: bool) -> None:
    """Choose how the model's functions run in this process from now on. Either way gives the same bits.

    Parameters
    ----------
    plain : bool
        True to run them as plain Python, False to run compiled code.
    """
    global _plain_now
    _plain_now = plain


def is_plain() -> bool:
    """Whether the model's functions run as plain Python. Unless told otherwise they do until everything is compiled."""
    if _plain_now is None:
        run_plainly(not FILES.complete())
    return _plain_now
