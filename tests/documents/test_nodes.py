"""Every node is rendered by every format, says the same in each, and cannot smuggle in markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from docx import Document
from matplotlib.figure import Figure

import simlib
from simlib.documentation.markdown import markdown
from simlib.documents.parts import Chapter, Handout
from simlib.documents.word import write_docx
from simlib.report.hypertext import hypertext
from simlib.words import nodes as n
from simlib.words import words

ROOT = Path(simlib.__file__).parent
RUNS = {
    str: "bare words",
    n.Strong: n.Strong("strong words", "good"),
    n.Small: n.Small("small words"),
    n.Quiet: n.Quiet("quiet words"),
    n.Code: n.Code("code words"),
    n.Link: n.Link("linked words", "there.html", "a hint"),
    n.Anchor: n.Anchor("A-00000"),
}
NODES = {
    n.Heading: n.Heading(("titled ", n.Code("words")), 3, "here"),
    n.Text: n.Text(tuple(RUNS.values())),
    n.Items: n.Items(("first point", (n.Strong("second"), " point"))),
    n.Table: n.Table(("head",), (("cell",), (("above\n", n.Small("below")),)), "caption", look="small"),
    n.Picture: n.Picture(Figure(), "what it shows", "what stands below"),
    n.Drawing: n.Drawing("flow.svg", "what is drawn"),
    n.Folded: n.Folded("folded title", (n.Text("folded words"),)),
}
SAID = {
    n.Heading: ["titled", "words"],
    n.Text: [n.plain(run) for run in RUNS.values()],
    n.Items: ["first point", "second", "point"],
    n.Table: ["caption", "head", "cell", "above", "below"],
    n.Picture: ["what it shows", "what stands below"],
    n.Drawing: ["what is drawn"],
    n.Folded: ["folded title", "folded words"],
}


def word(nodes, tmp_path):
    """Everything that a Word document of some nodes says, words for pictures with it."""
    write_docx(
        Handout("en", "x", "t", (), (Chapter("k", "c", tuple(nodes)),), words("en", "documents")), tmp_path / "a.docx"
    )
    doc = Document(str(tmp_path / "a.docx"))
    cells = [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    shown = [shape._inline.docPr.get("descr") for shape in doc.inline_shapes]
    return "\n".join([*(p.text for p in doc.paragraphs), *cells, *shown])


FORMATS = {
    "page": lambda nodes, folder: hypertext(nodes),
    "markdown": lambda nodes, folder: markdown(nodes),
    "word": word,
    "slides and workbook": lambda nodes, folder: "\n".join(line for node in nodes for line in n.text_lines(node)),
}


def test_every_kind_of_node_and_run_is_tried_here():
    assert set(RUNS) == set(get_args(n.Run))
    assert set(NODES) == set(SAID) == set(get_args(n.Node))


@pytest.mark.parametrize("kind", NODES, ids=lambda k: k.__name__)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_all_that_a_node_says(name, kind, tmp_path):
    said = FORMATS[name]([NODES[kind]], tmp_path)
    assert [text for text in SAID[kind] if text not in said] == []


@pytest.mark.parametrize("name", ["page", "markdown", "word"])
def test_a_node_that_a_format_does_not_know_is_an_error_and_not_left_out(name, tmp_path):
    class Unknown:
        text = "lost"

    with pytest.raises(AssertionError):
        FORMATS[name]([Unknown()], tmp_path)


class Read(HTMLParser):
    """Tags, attributes and text of HTML as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.said, self.given = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.given.append(dict(attrs))

    def handle_data(self, data):
        self.said += data


HOSTILE = "</td><script>alert('x')</script> \" onload=y & <b>z</b>"
HARMLESS = "words that mean nothing to a browser"


def everything(text):
    """Each kind of node, with each kind of run inside, made of one text wherever there is one."""
    runs = [text, n.Strong(text), n.Small(text), n.Quiet(text), n.Code(text), n.Link(text, text, text), n.Anchor(text)]
    assert {type(run) for run in runs} == set(RUNS)
    inner = n.Text(tuple(runs))
    cells = ((tuple(runs),), (text,))
    return [
        n.Heading(text, 2, text), inner, n.Items((text, tuple(runs))), n.Table((text,), cells, text, look=text),
        n.Picture(Figure(), text, text), n.Drawing(text, text), n.Folded(text, (inner,)),
    ]  # fmt: skip


def test_text_reaches_a_page_as_text_wherever_it_stands():
    nodes, others = everything(HOSTILE), everything(HARMLESS)
    assert {type(node) for node in nodes} == set(NODES)
    for node, other in zip(nodes, others, strict=True):
        read, plain = Read(hypertext([node])), Read(hypertext([other]))
        assert read.tags == plain.tags and "script" not in read.tags
        assert read.said == plain.said.replace(HARMLESS, HOSTILE)
        assert read.given == [{k: v.replace(HARMLESS, HOSTILE) for k, v in a.items()} for a in plain.given]


def test_paragraphs_of_the_answer_share_a_box_and_others_none():
    body = hypertext([n.Text("a", "answer"), n.Text("b", "answer"), n.Text("c"), n.Text("d", "answer")])
    box = '<div class="answer">'
    assert body == f"{box}<p>a</p><p>b</p></div><p>c</p>{box}<p>d</p></div>"


def test_bare_nodes_say_the_same_and_lead_nowhere():
    for node in NODES.values():
        assert n.text_lines(n.bare(node)) == n.text_lines(node)
    body = hypertext(map(n.bare, NODES.values()))
    assert "<a " not in body and "<code>" not in body


def test_nothing_reads_html_back_and_text_is_escaped_in_one_place():
    reads, escapes = re.compile(r"lxml\.html|import lxml$|HTMLParser|BeautifulSoup|bs4", re.M), []
    for room in ("words", "report", "documentation", "documents"):
        for path in sorted((ROOT / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            assert not reads.search(source), path.name
            escapes += [path.name] * bool(re.search(r"\bescape\(", source))
    assert escapes == ["hypertext.py"]


def test_a_cell_that_is_no_text_is_written_as_it_reads():
    assert n.table(["h"], [[3], [n.Code("x")], [("a", n.Small("b"))]]).rows == (
        ("3",),
        (n.Code("x"),),
        (("a", n.Small("b")),),
    )
