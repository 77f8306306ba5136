"""How numba is told to type and lower the model's functions: with the passes that they need, asking each question once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import numba
from numba import types
from numba.core import compiler, ir, lowering, transforms, typed_passes, untyped_passes
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.postproc import PostProcessor
from numba.core.registry import cpu_target
from numba.core.runtime.context import NRTContext
from numba.core.targetconfig import TargetConfig
from numba.core.typing import Signature, templates

from simlib.core.compile_enums import EnumsAsNumbers
from simlib.core.compile_link import PartLibrary

WRITTEN_FOR = "0.68"  # the version of numba whose inner workings are used here
if not numba.__version__.startswith(f"{WRITTEN_FOR}."):
    raise ImportError(
        f"simlib compiles with numba {WRITTEN_FOR} and found {numba.__version__}: install numba=={WRITTEN_FOR}.*, "
        "or set SIMLIB_PLAIN=1 to run without it (slowly)"
    )


class _Lower(lowering.Lower):
    """Gives up variables without a word where nothing in them counts references."""

    def delvar(self, name):
        """numba loads each, takes it apart to look for counts of references, and stores zeros in it."""
        kind = self.typeof(name)
        if _counts(self.context, kind):
            return super().delvar(name)
        if name not in self._blk_local_varmap:
            self._singly_assigned_vars.discard(name)
        self._alloca_var(name, kind)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(typed_passes.NativeLowering):
    _name = "simlib_lower_part"
    lowering_class = _Lower

    def run_pass(self, state):
        """Lower into LLVM's language, and ask for no address."""
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        return super().run_pass(state)


class _Passes(PassManager):
    """Runs passes, without numba's analysis of the function after each: those that need one make it themselves."""

    def _runPass(self, index, pss, state):
        pss.analysis = self._analysis
        pss.run_initialization(state)
        pss.run_pass(state)
        pss.run_finalizer(state)


class ModelPipeline(compiler.CompilerBase):
    """numba's pipeline without the passes that the model has no use for (closures, parallel loops, literals)."""

    def define_pipelines(self) -> list[PassManager]:
        """The passes, in numba's order."""
        pm = _Passes("simlib")
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
            _LowerPart,
            typed_passes.NoPythonBackend,
        ):
            pm.add_pass(step, step.__name__)
        pm.finalize()
        return [pm]


class HelperPipeline(compiler.CompilerBase):
    """All of numba's passes, for functions of its own that the model calls (such as sorting)."""

    def define_pipelines(self) -> list[PassManager]:
        """numba's passes but the last."""
        pm, numbas = PassManager("simlib-helper"), compiler.DefaultPassBuilder
        pm.passes += numbas.define_untyped_pipeline(self.state).passes + numbas.define_typed_pipeline(self.state).passes
        for step in (
            typed_passes.IRLegalization,
            typed_passes.AnnotateTypes,
            _LowerPart,
            typed_passes.NoPythonBackend,
        ):
            pm.add_pass(step, step.__name__)
        pm.finalize()
        return [pm]


@contextmanager
def shortcuts(helper: Callable) -> Iterator[None]:
    """Within: numba asks the same question once, and compiles functions of its own as parts.

    helper: instead of its decorator for such functions.
    """
    target, typing = cpu_target.target_context, cpu_target.typing_context
    registries = _registries(target)
    with ExitStack() as changed:
        changed.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(200_000, 5, 1000)  # nearly all that numba makes it keeps: looking for garbage took a sixth
        for owner, name, instead in (
            (typing, "resolve_function_type", _remembering(typing.resolve_function_type)),
            (target, "load_additional_registries", lambda: [target.install_registry(r) for r in registries]),
            (templates._OverloadFunctionTemplate, "_get_jit_decorator", lambda self: helper),
            (ir.Inst, "_rec_list_vars", _variables),
            (PostProcessor, "run", _canonical(PostProcessor.run)),
            (target, "get_abi_sizeof", _by_name(target.get_abi_sizeof)),
            (NRTContext, "get_meminfos", _counted),
            (compiler.Flags, "__eq__", _same_flags),
            (compiler.Flags, "__hash__", lambda self: len(self.options)),
        ):
            changed.enter_context(mock.patch.object(owner, name, instead))
        yield


def _registries(target) -> list:
    """What numba's context takes from where at each new function, without the thirty imports that this costs."""
    with mock.patch.object(target, "install_registry", wraps=target.install_registry) as install:
        target.refresh()
        return [call.args[0] for call in install.call_args_list]


def _remembering(resolve: Callable) -> Callable:
    """What an operator gives for these types, without asking a dozen rules each time."""

    def remembered(func, args, kws):
        other = isinstance(func, types.Callable) and not isinstance(func, types.Function)
        if kws or other or not all(isinstance(a, (types.Type, str)) for a in args):
            return resolve(func, args, kws)
        key = func, tuple(args)
        if key not in _known:
            _known[key] = resolve(func, args, kws)
        return _known[key]

    return remembered


_known: dict[tuple, Signature] = {}


def _counts(context, kind: types.Type) -> bool:
    """Whether values of a type hold counts of references."""
    if kind not in _counting:
        _counting[kind] = context.data_model_manager[kind].contains_nrt_meminfo()
    return _counting[kind]


_counting: dict[types.Type, bool] = {}


def _counted(self, builder, ty, val) -> list[tuple]:
    """Types and addresses of the counts of references in a value: numba takes its other fields apart, too."""
    model = self._context.data_model_manager[ty]
    found = [(ty, model.get_nrt_meminfo(builder, val))] if model.has_nrt_meminfo() else []
    for kind, field in model.traverse(builder) if _counts(self._context, ty) else ():
        if _counts(self._context, kind):
            found += _counted(self, builder, kind, field(val))
    return found


def _by_name(size: Callable) -> Callable:
    """How large a type of LLVM's is, without parsing a module each time."""
    known: dict[str, int] = {}
    return lambda kind: known[name] if (name := str(kind)) in known else known.setdefault(name, size(kind))


def _variables(self, value) -> list[ir.Var]:
    """The variables in a part of a statement."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        value = (value,)
    found: list[ir.Var] = []
    for v in value:
        kind = type(v)
        if kind is ir.Var:
            found.append(v)
        elif kind not in _HOLD_NONE:
            if isinstance(v, ir.Inst):
                found += v.list_vars()
            elif isinstance(v, (list, tuple, dict)):
                found += _variables(self, v)
    return found


_HOLD_NONE = {ir.Loc, ir.Const, ir.Global, ir.FreeVar, ir.Arg, str, int, float, bool, type(None)}


def _canonical(run: Callable) -> Callable:
    """Only loops with objects of Python's and generators need to know where each variable is alive."""

    def short(self, emit_dels=False, extend_lifetimes=False):
        if emit_dels or self.func_ir.is_generator:
            return run(self, emit_dels, extend_lifetimes)
        self.func_ir.blocks = transforms.canonicalize_cfg(self.func_ir.blocks)
        self.func_ir.generator_info = None

    return short


def _same_flags(self, other) -> bool:
    """Two sets of options are mostly the same, set in the same way."""
    return isinstance(other, TargetConfig) and (
        self._values == other._values or _DEFAULTS | self._values == _DEFAULTS | other._values
    )


_DEFAULTS = compiler.Flags().values()
