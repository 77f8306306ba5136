import matplotlib
import pytest

from simlib.core.files import InputError
from simlib.see import fonts
from simlib.see.colours import look
from simlib.see.draw import canvas, months_line, spread, svg, upper
from simlib.see.figure_files import FIGURE_KINDS, figure_bytes
from simlib.teach.pictures import timeline
from simlib.words.values import number


def test_labels_are_moved_apart_and_keep_their_order():
    placed = spread([10.0, 10.1, 10.2, 30.0], 2.0)
    assert placed == sorted(placed)
    assert all(b - a >= 2.0 - 1e-9 for a, b in zip(placed, placed[1:], strict=False))
    assert placed[3] == 30.0


def test_labels_stay_inside_their_bounds():
    placed = spread([99.0, 99.5, 100.0], 5.0, 0.0, 100.0)
    assert max(placed) <= 100.0
    assert spread([], 1.0) == []


def test_wide_intervals_of_few_replications_do_not_squeeze_the_axis():
    assert upper([10.0], [90.0]) == pytest.approx(18.0)
    assert upper([10.0], [11.0]) == pytest.approx(11.55)


def test_a_policy_looks_the_same_wherever_it_is_shown():
    assert look("sichuan").colour == look("sichuan-alone").colour
    assert look("some-new-policy") == look("some-new-policy")


def test_a_curve_is_marked_once_a_year():
    with fonts.style():
        ax = canvas(2, 1).subplots()
    months_line(ax, range(37), range(37), look("sichuan"))
    line, marks = ax.lines
    assert line.get_linestyle() == "--" and list(marks.get_xdata()) == [6, 18, 30]
    assert marks.get_marker() == look("sichuan").marker and marks.get_linestyle() == "None"


def test_drawing_and_saving_leave_the_callers_settings_of_matplotlib_as_they_were(tmp_path):
    with matplotlib.rc_context({"font.family": ["serif"], "svg.hashsalt": "mine", "axes.unicode_minus": True}):
        before = dict(matplotlib.rcParams)
        figure = timeline([30.0, 60.0], [3.0, 40.0], "zh").figure
        data = {kind: figure_bytes(figure, kind) for kind in FIGURE_KINDS}
        assert dict(matplotlib.rcParams) == before
    assert data == {kind: figure_bytes(timeline([30.0, 60.0], [3.0, 40.0], "zh").figure, kind) for kind in FIGURE_KINDS}


def test_a_function_that_draws_outside_the_packages_style_is_told():
    with pytest.raises(RuntimeError, match="@styled"):
        canvas(2, 1)


def test_a_font_that_is_named_but_missing_is_said(monkeypatch):
    monkeypatch.setenv(fonts.VARIABLE, "/no/such/font.ttf")
    fonts.font_file.cache_clear()
    with pytest.raises(InputError, match="no such file"):
        fonts.font_file()
    monkeypatch.undo()
    fonts.font_file.cache_clear()


def test_the_fonts_in_use_show_chinese_and_the_signs_of_the_figures():
    assert fonts.missing("新药进院 ▲●○◆ − – · × ✓") == set()


def test_a_figure_has_the_same_bytes_every_time():
    @fonts.styled
    def draw():
        fig = canvas(2, 1)
        fig.text(0.1, 0.5, "四川 Sichuan")
        return svg(fig)

    assert draw() == draw()
    assert "<metadata" not in draw()


def test_numbers_are_rounded_without_a_negative_zero():
    assert number(-0.01) == "0.0"
    assert number(-1.26, 1, sign=True) == "−1.3"
    assert number(float("nan")) == "–"


def test_a_page_has_the_same_font_from_the_smaller_one_that_was_made_ready(monkeypatch):
    opened, page = [], "四川 Sichuan 12 − 3 ✓"
    large = fonts.TTFont
    monkeypatch.setattr(fonts, "TTFont", lambda source, **how: opened.append(source) or large(source, **how))
    monkeypatch.setattr(fonts, "_READY", {})
    without = fonts.subset_data(page)
    fonts.prepare("四川省医院 ABCSichuan 0123456789 −✓·")
    opened.clear()
    assert fonts.subset_data(page) == without
    assert fonts.font_file() not in opened
    fonts.subset_data(page + "药")  # a glyph that was not made ready
    assert opened[-1] == fonts.font_file()
