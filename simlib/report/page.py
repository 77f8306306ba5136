"""One self-contained HTML page: style and font inside, no network address, good on screen and on paper."""

from __future__ import annotations

import functools
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from simlib.core.files import write_whole
from simlib.report.hypertext import escaped
from simlib.report.hypertext import picture as picture  # notebooks take it from here
from simlib.see.fonts import subset_data
from simlib.words import LANGUAGES, words

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

FAMILY = "simlib-sc"
_CODES = {"en": "en", "zh": "zh-CN"}
INSTRUCTION = "instruction"  # tag of cells that speak to who edits a notebook, not to who reads its page
_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 66rem; padding: 1.2rem 1.4rem 4rem; color: #222; background: #fff;
  font: 16px/1.55 "Segoe UI", "Helvetica Neue", Arial, "FAMILY", sans-serif; }
[lang=zh] { font-family: "FAMILY", "Segoe UI", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .4rem 0 .2rem; }
h2 { font-size: 1.28rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .3rem; }
h4 { font-size: .95rem; margin: 1.1rem 0 .2rem; }
p { max-width: 48rem; }
a { color: #005a9c; }
figure { margin: 1.2rem 0 1.6rem; }
figure img { max-width: 100%; height: auto; display: block; }
figcaption { color: #444; font-size: .88rem; max-width: 52rem; margin: .3rem 0 0; }
.scroll { overflow-x: auto; margin: .8rem 0 1.4rem; }
table { border-collapse: collapse; font-size: .88rem; }
table.small { font-size: .78rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #999; font-weight: 600; vertical-align: bottom; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.right, td.right { text-align: right; }
td.short { white-space: nowrap; }
table.wrap td { white-space: normal; }
table.wrap td.right { text-align: right; }
[lang=zh] td { word-break: keep-all; overflow-wrap: break-word; }
[lang=zh] th { min-width: 4em; }
[lang=zh] :is(th, td) { padding-inline: .45rem; }
[lang=zh] table.small td.number { white-space: normal; }
td .one { white-space: nowrap; }
td small { color: #777; }
tbody tr:nth-child(even) { background: #fafafa; }
details { margin: .8rem 0; }
summary { cursor: pointer; font-weight: 600; }
.answer { background: #eef4fa; border-left: 5px solid #0072B2; padding: .7rem 1.1rem; font-size: 1.1rem; }
.answer p { margin: .5rem 0; max-width: none; }
.warn { background: #fff4e0; border-left: 5px solid #E69F00; padding: .5rem 1rem; }
.question { font-size: 1.15rem; font-weight: 600; margin: .2rem 0 .6rem; max-width: 60rem; }
.quiet, .meta { color: #666; font-size: .88rem; }
.good { color: #00664b; } .bad { color: #b34700; }
.switch { position: sticky; top: 0; background: #fff; padding: .4rem 0; z-index: 2; border-bottom: 1px solid #eee; }
.switch label { margin-right: 1rem; cursor: pointer; }
body:has(#show-en:checked) div[lang=zh] { display: none; }
body:has(#show-zh:checked) div[lang=en] { display: none; }
.output_stderr, .prompt { display: none; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } .switch { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { list-style: none; }
  h2 { break-after: avoid; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; } a { color: inherit; } }
"""

# In a notebook the outputs stand among Jupyter's own styles, which set tables right; a page has _STYLE in its place.
IN_NOTEBOOK = """<style>
.jp-RenderedHTMLCommon .scroll { overflow-x: auto; }
.jp-RenderedHTMLCommon .scroll :is(th, td) { text-align: left; vertical-align: top; }
.jp-RenderedHTMLCommon .scroll :is(.number, .right) { text-align: right; font-variant-numeric: tabular-nums; }
.jp-RenderedHTMLCommon .scroll td:is(.number, .short) { white-space: nowrap; }
.jp-RenderedHTMLCommon [lang=zh] td { word-break: keep-all; overflow-wrap: break-word; }
.jp-Notebook:has(#show-en:checked) div[lang=zh], .jp-Notebook:has(#show-zh:checked) div[lang=en] { display: none; }
</style>"""

# Shows one language. The first rule is stronger than those of the switch, which is hidden with its choice still made.
_ALONE = """<style>
body div[lang|=LANGUAGE] { display: block !important; }
body [lang]:not([lang|=LANGUAGE]), .switch { display: none !important; }
</style>
"""


def shell(title: str, body: str) -> str:
    """A whole page around a body, with the glyphs that it needs."""
    text = html.unescape(re.sub(r"data:[a-z/+]+;base64,[A-Za-z0-9+/=]+|<[^>]+>", " ", title + body))
    alt = " ".join(re.findall(r'alt="([^"]*)"', body))
    font = subset_data(text + html.unescape(alt) + "0123456789")
    face = f'@font-face {{ font-family: "{FAMILY}"; src: url(data:font/woff;base64,{font}) format("woff"); font-display: block; }}'
    style = face + _STYLE.replace("FAMILY", FAMILY)
    language = _CODES["zh" if languages(body) == ["zh"] else "en"]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def above(languages: int) -> str:
    """What stands first in a notebook: its style, and the switch where there are two languages."""
    return IN_NOTEBOOK + (_switch() if languages > 1 else "")


def _switch() -> str:
    """The choice between the languages, the first one checked, and all of them."""
    names = {n: words(n)[f"language_{n}"] for n in LANGUAGES}
    choices = {**names, "both": " + ".join(names.values())}
    labels = (
        f'<label><input type="radio" name="show" id="show-{n}"{" checked" * (n == LANGUAGES[0])}> {name}</label>'
        for n, name in choices.items()
    )
    return f'<div class="switch">{"".join(labels)}</div>'


def languages(page: str) -> list[str]:
    """The languages that parts of a page are marked as, as far as it shows them."""
    alone = [n for n in LANGUAGES if _alone(n) in page]
    return alone or [n for n in LANGUAGES if f'<div lang="{n}"' in page]


def page_in_language(page: str, language: str) -> str:
    """A whole page that shows one of its languages, and what is marked as none; it says which to readers aloud.

    The rest is hidden on screen and paper by a rule of style, whoever wrote it; it stays in the file.
    """
    head, end, body = page.partition("</head>")
    for other in _CODES.values():
        head = head.replace(f'<html lang="{other}">', f'<html lang="{_CODES.get(language, language)}">', 1)
    return f"{head}{_alone(language)}{end}{body}"


def _alone(language: str) -> str:
    return _ALONE.replace("LANGUAGE", language)


@functools.cache
def _exporter() -> HTMLExporter:
    """What turns notebooks into HTML; one for all pages, since its templates take long to read."""
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def notebook_body(notebook: Path) -> str:
    """The outputs and texts of an executed notebook as HTML, without its code and the cells tagged INSTRUCTION.

    nbformat is imported here: it takes a second, and the notebooks that import this do not need it.
    """
    import nbformat

    read = nbformat.read(notebook, as_version=4)
    read.cells = [c for c in read.cells if INSTRUCTION not in c.metadata.get("tags", [])]
    body, _ = _exporter().from_notebook_node(read)
    return re.sub(r"<script.*?</script>|<style.*?</style>", "", body, flags=re.S)


def write_page(notebook: Path, title: str, target: Path, language: str = "both") -> None:
    """Turn an executed notebook into a page, moved into place when whole. language: the only one left, or "both"."""
    body = notebook_body(notebook)
    text = shell(title, body) if language == "both" else page_in_language(shell(title, body), language)
    found = addresses(text)
    if found:
        raise ValueError(f"{target.name}: the page would ask the network for {found[0]}")
    write_whole(target, text)


def addresses(text: str) -> list[str]:
    """Network addresses that a page names."""
    return re.findall(r"(?:https?:|ftp:|src=[\"']?|href=[\"']?|url\([\"']?)//[^\s\"')>]+", text)
