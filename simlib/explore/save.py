"""A session's changes as a variant file, and the words that run it."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from simlib.explore.session import Session
from simlib.files import InputError, scenarios, shown
from simlib.formats import FORMAT
from simlib.variants import VariantFile, load_variant, names

HEAD = "# yaml-language-server: $schema=../schema/variant.json\n# Saved by explore; made on {region} under the rulebook {policy}.\n"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def save_variant(session: Session, name: str, title: str = "") -> Path:
    """Write the changes to scenarios/variants/NAME.yaml, moved into place when whole, and read it back.

    InputError for a name that is taken or is none, or if there is nothing to save.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"variant {name!r}: small letters, digits and hyphens only, such as two-months")
    if name in names():
        raise InputError(f"variant {name!r}: there is one of that name; choose another")
    changes = session.changes
    if session.choice.obedience != "default":
        changes = {"obedience": session.choice.obedience, **changes}
    if not changes:
        raise InputError(f"variant {name!r}: nothing is changed, so that there is nothing to save")
    said = title.strip() or name
    data = CommentedMap(format=FORMAT, name=name, title=_flow({"en": said, "zh": said}))
    data["changes"] = CommentedMap((k, _flow(v)) for k, v in changes.items())
    VariantFile.model_validate({**data, "changes": changes})
    path = scenarios() / "variants" / f"{name}.yaml"
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(data, out)
    part = path.with_suffix(".part")
    part.write_text(
        HEAD.format(region=session.choice.region, policy=session.choice.policy) + out.getvalue(), encoding="utf-8"
    )
    os.replace(part, path)
    if load_variant(name).changes != changes:
        path.unlink()
        raise InputError(f"{shown(path)}: what was written does not read back as it was; nothing is kept")
    return path


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
