"""A session's changes as a variant file, the words that run it, and the picture as files."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

from matplotlib.figure import Figure
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from simlib.core.files import InputError, NotWritten, home, scenarios, shown, write_whole
from simlib.core.formats import FORMAT
from simlib.scenario.variants import VariantFile, load_variant, names
from simlib.see.draw import save
from simlib.workbench.refusal import Refusal
from simlib.workbench.session import Session

HEAD = "# yaml-language-server: $schema=../schema/variant.json\n# Saved by explore; made on {region} under the rulebook {policy}.\n"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def save_variant(session: Session, name: str, title: str = "") -> Path:
    """Write the changes to scenarios/variants/NAME.yaml, moved into place when whole, and read it back.

    InputError for a name that is taken or is none, if there is nothing to save, or if the folder takes no file.
    """
    if not _NAME.fullmatch(name):
        raise Refusal("name", name=repr(name))
    if name in names():
        raise Refusal("second", name=repr(name))
    changes = session.changes
    if session.choice.obedience != "default":
        changes = {"obedience": session.choice.obedience, **changes}
    if session.choice.world != "middle":
        changes = {"world": session.choice.world, **changes}
    if not changes:
        raise Refusal("changes", name=repr(name))
    said = title.strip() or name
    data = CommentedMap(format=FORMAT, name=name, title=_flow({"en": said, "zh": said}))
    data["changes"] = CommentedMap((k, _flow(v)) for k, v in changes.items())
    VariantFile.model_validate({**data, "changes": changes})
    path = scenarios() / "variants" / f"{name}.yaml"
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(data, out)
    head = HEAD.format(region=session.choice.region, policy=session.choice.policy)
    _written(path, head + out.getvalue())
    if load_variant(name).changes != changes:
        path.unlink()
        raise InputError(f"{shown(path)}: what was written does not read back as it was; nothing is kept")
    return path


def _written(path: Path, text: str) -> None:
    """Write a file as a whole or not at all; Refusal if its folder takes none."""
    try:
        write_whole(path, text)
    except NotWritten as e:
        raise Refusal("writing", path=shown(path), why=e.why) from None


def save_picture(fig: Figure, name: str) -> Path:
    """Write a figure to outputs/explore/NAME-N.svg and .png, N the first number that is free; the path of the SVG.

    Refusal if the folder takes no file.
    """
    folder = home() / "outputs" / "explore"
    n = next(n for n in itertools.count(1) if not any((folder / f"{name}-{n}.{x}").exists() for x in ("svg", "png")))
    try:
        save(fig, folder, f"{name}-{n}")
    except NotWritten as e:
        raise Refusal("writing", path=shown(folder / f"{name}-{n}.svg"), why=e.why) from None
    return folder / f"{name}-{n}.svg"


def _flow(value: object) -> object:
    """Lists and mappings in one line, as people write them."""
    if isinstance(value, dict):
        out: CommentedMap | CommentedSeq = CommentedMap((k, _flow(v)) for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        out = CommentedSeq(value)
    else:
        return value
    out.fa.set_flow_style()
    return out


def options(session: Session, variant: str) -> str:
    """The options with which `simlib run` does the same with the saved variant."""
    given = {k: v for k, v in session.written_spec().set.items() if k not in session.changes}
    return " ".join([*(f"--set {k}={v}" for k, v in given.items()), f"--variant {variant}"])
