"""How numba is told to type and lower the model's functions: with the passes that they need, asking each question once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import numba
from numba import types
from numba.core import compiler, ir, typed_passes, untyped_passes
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.registry import cpu_target
from numba.core.targetconfig import TargetConfig
from numba.core.typing import Signature, templates

from simlib.core.compile_link import PartLibrary

WRITTEN_FOR = "0.68"  # the version of numba whose inner workings are used here
if not numba.__version__.startswith(f"{WRITTEN_FOR}."):
    raise ImportError(
        f"simlib compiles with numba {WRITTEN_FOR} and found {numba.__version__}: install numba=={WRITTEN_FOR}.*, "
        "or set SIMLIB_PLAIN=1 to run without it (slowly)"
    )


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(typed_passes.NativeLowering):
    _name = "simlib_lower_part"

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


def _variables(self, value) -> list[ir.Var]:
    """The variables in a part of a statement; most parts hold none (such as places in the source)."""
    kind = type(value)
    if kind is ir.Var:
        return [value]
    if kind is ir.Loc or kind is str:
        return []
    if isinstance(value, ir.Inst):
        return value.list_vars()
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return []
    return [variable for v in value for variable in _variables(self, v)]


def _same_flags(self, other) -> bool:
    """Two sets of options are mostly the same, set in the same way."""
    return isinstance(other, TargetConfig) and (self._values == other._values or self.values() == other.values())
