"""How numba is told to compile the model: each function once, and all that Python calls together.

A function that is called from compiled code is a part, typed and lowered to LLVM's language (`simlib.core.compile_passes`).
The functions that Python calls are found by running a small world as plain Python, then linked with their parts, optimised
and turned into machine code together (`simlib.core.compile_link`).
A function that is called with other types later is compiled by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from typing import Any

from numba import njit, types
from numba.core import compiler
from numba.core.caching import NullCache
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import _FunctionCompiler
from numba.core.registry import cpu_target
from numba.core.typing import Signature, make_concrete_template

import simlib.core.compile_prefetch  # noqa: F401
from simlib.core.compile_cache import FILES
from simlib.core.compile_link import LinkedLibrary
from simlib.core.compile_passes import HelperPipeline, ModelPipeline, shortcuts
from simlib.core.records import plainly

PART = {"nopython": True, "nogil": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": True}
ENTRY = PART | {"no_cpython_wrapper": False}


@dataclass(frozen=True, eq=False)
class _Part:
    """One function for one signature, found again by identity."""

    signature: Signature


class _Parts:
    """A function as compiled code calls it: to numba a dispatcher like its own."""

    def __init__(
        self, function: Callable, pipeline: type = HelperPipeline, options: dict[str, Any] | None = None
    ) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.compiler = _FunctionCompiler(function, cpu_target, PART | (options or {}), {}, pipeline)
        self.parts: dict[tuple, _Part] = {}
        self.is_compiling = False  # numba asks, to find functions that call themselves

    @property
    def _numba_type_(self) -> types.Type:
        return types.Dispatcher(self)

    def get_call_template(self, args, kws):
        """What numba's typing asks of a dispatcher: makes the part at need."""
        pysig, args = self.compiler.fold_argument_types(*self._taken(args, kws))
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

    def _taken(self, args, kws):
        return args, kws

    def _compile(self, args) -> _Part:
        before, self.is_compiling = self.is_compiling, True
        try:
            found = self.compiler.compile(args, None)
        finally:
            self.is_compiling = before
        part = _Part(found.signature)
        cpu_target.target_context.insert_user_function(part, found.fndesc, [found.library])
        return part


def _helper(**options) -> Callable[[Callable], _Parts]:
    """Instead of numba's decorator for functions of its own."""
    given = {k: v for k, v in options.items() if k not in ("target", "_target", "cache", "locals", "pipeline_class")}
    return lambda function: _Parts(function, HelperPipeline, given)


class Compiled(_Parts):
    """A function of the model, compiled for the types it is called with, or run as plain Python (see `run_plainly`)."""

    def __init__(self, function: Callable) -> None:
        super().__init__(function, ModelPipeline)

    @cached_property
    def whole(self):
        """numba's dispatcher, which chooses by the types of what Python calls with."""
        found = njit(self.py_func)
        found._cache = _Cache(self)
        return found

    def __call__(self, *args):
        """Call it from Python."""
        if _noted is not None:
            return _note(self, args)
        return self.py_func(*args) if _plain_now or is_plain() else self.whole(*args)

    def _taken(self, args, kws):
        return [_unspecific(a) for a in args], {k: _unspecific(v) for k, v in kws.items()}

    def entry(self, args: tuple[types.Type, ...]) -> compiler.CompileResult:
        """The function for a signature, with what Python calls it through, not linked yet."""
        return _FunctionCompiler(self.py_func, cpu_target, ENTRY, {}, ModelPipeline).compile(args, None)


def _unspecific(kind):
    """The type that a compiled callee takes for an argument: no constants, no short integers.

    numba compiles a function anew for each constant and each width of integer that it is called with: one note of the
    event log became forty-seven functions, and compiling took twice as long.
    """
    kind = types.unliteral(kind)
    return types.int64 if kind in (types.int32, types.int8) else kind


# ---- all together

Call = tuple[Compiled, tuple[types.Type, ...]]  # a function that Python calls, and types of its arguments
_noted: dict[Call, None] | None = None  # calls so far, while a world is run to find them
Group = dict[str, compiler.CompileResult]  # by name of the call
_groups: dict[str, Group] = {}


def compile_calls(world: Callable[[], Any]) -> None:
    """Compile all functions that Python calls in a world, with all that they call."""
    calls = _calls(world)
    waiting = [call for call in calls if FILES.read(_name(*call)) is None]
    if waiting:
        _compile(waiting)


def _calls(world: Callable[[], Any]) -> list[Call]:
    """Run a world as plain Python, and note what it calls."""
    global _noted
    _noted = {}
    try:
        world()
        return list(_noted)
    finally:
        _noted = None


def _note(function: Compiled, args: tuple) -> Any:
    global _noted, _plain_now
    noted, before = _noted, _plain_now
    noted[function, tuple(function.whole.typeof_pyval(a) for a in args)] = None
    _noted, _plain_now = None, True
    try:
        return function.py_func(*(plainly(getattr(a, "arrays", a)) for a in args))
    finally:
        _noted, _plain_now = noted, before


def _name(function: Compiled, args: tuple[types.Type, ...]) -> str:
    digest = hashlib.sha256(repr(args).encode()).hexdigest()[:16]
    return f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}-{digest}"


@global_compiler_lock
def _compile(calls: Iterable[Call]) -> str:
    """Compile functions together and keep them; the name of the group."""
    context = cpu_target.target_context
    context.refresh()
    with shortcuts(_helper):
        entries = {_name(*call): call[0].entry(call[1]) for call in calls}
    group = f"group-{hashlib.sha256(repr(sorted(entries)).encode()).hexdigest()[:16]}"
    library = LinkedLibrary(context.codegen(), group)
    library.enable_object_caching()
    library.add_parts(entry.library for entry in entries.values())
    kept = {name: (e.fndesc, e.environment, e.signature) for name, e in entries.items()}
    _groups[group] = _ready(library, kept)
    for fndesc, *_ in kept.values():
        fndesc.typemap = fndesc.calltypes = None  # large, and not to be written
    environments = tuple(next(iter(_groups[group].values()))._find_referenced_environments())
    FILES.write(group, (library.serialize_using_object_code(), kept, environments, tuple(library._reload_init)))
    for name in kept:
        FILES.write(name, group)
    return group


def _load(group: str) -> Group:
    """Functions that were compiled together, ready to be called; none where the file is damaged."""
    if group not in _groups and (found := FILES.read(group)) is not None:
        cpu_target.target_context.refresh()
        serialized, kept, environments, reload_init = found
        for function in reload_init:
            function()
        library = cpu_target.target_context.codegen().unserialize_library(serialized)
        _groups[group] = _ready(library, kept)
        for environment in environments:
            library.codegen.set_env(environment.env_name, environment)
    return _groups.get(group, {})


def _ready(library: LinkedLibrary, kept: dict[str, tuple]) -> Group:
    """Functions of a linked library, in numba's terms."""
    nothing = dict.fromkeys(compiler.CR_FIELDS)
    found = {}
    for name, (fndesc, environment, signature) in kept.items():
        context = cpu_target.target_context
        found[name] = compiler.CompileResult(
            **nothing
            | {
                "typing_context": context.typing_context,
                "target_context": context,
                "entry_point": context.get_executable(library, fndesc, environment),
                "signature": signature,
                "library": library,
                "fndesc": fndesc,
                "environment": environment,
                "objectmode": False,
            }
        )
    return found


class _Cache(NullCache):
    """To numba's dispatcher every function was compiled before."""

    def __init__(self, function: Compiled) -> None:
        self.function = function

    def load_overload(self, sig, target_context) -> compiler.CompileResult:
        """The function for a signature, compiled by itself if need be."""
        call = self.function, tuple(sig)
        name = _name(*call)
        found = _load(group) if (group := FILES.read(name)) is not None else {}
        return found[name] if name in found else _groups[_compile([call])][name]


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
