"""Explore in a real browser: a slider is moved and the picture changes, and nothing freezes.

Language, pictures to save, variants and presets are the slow tests': each simulates a world or two.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.browser.lab import ROOT, kernel_idle_within, lab, open_notebook, page_of, run_all

SHOTS = os.environ.get("SIMLIB_SHOTS")  # a folder for pictures of the screen, to be looked at
PICTURE, STATUS = ".simlib-picture", ".simlib-status .widget-html-content"
SLIDER = ".simlib-committee-duty-listing--SC-02a .noUi-handle"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A copy of the data, so that a saved variant stays out of the project."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("scenarios", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    with lab(tmp_path_factory.mktemp("lab"), home / "notebooks", {"SIMLIB_HOME": str(home)}) as running:
        yield running


@pytest.fixture(scope="module")
def page(server):
    with page_of(server) as page:
        open_notebook(page, server, "explore.ipynb")
        run_all(page)
        page.wait_for_selector(PICTURE)
        finished(page)
        yield page


def finished(page, word: str = "Done: 16") -> None:
    """Until all is drawn, and what is drawn is of what was asked last."""
    page.wait_for_function(
        "([s, t]) => document.querySelector(s)?.textContent.includes(t) && !document.querySelector('.simlib-stale')",
        arg=[STATUS, word],
    )


def picture(page) -> str:
    """Something that differs when the picture does."""
    return page.evaluate(
        "async (s) => { const b = await (await fetch(document.querySelector(s).src)).arrayBuffer();"
        " const h = await crypto.subtle.digest('SHA-256', b); return Array.from(new Uint8Array(h)).join(); }",
        PICTURE,
    )


def at_three_months(page) -> None:
    """The deadline of SC-02a is moved to 3 months, if it is not yet."""
    if "SC-02a" in changed_text(page):
        return
    page.focus(SLIDER)
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.simlib-changed').textContent.includes('SC-02a')")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def changed_text(page) -> str:
    return page.text_content(".simlib-changed")


def refused(address: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as why:
        urllib.request.urlopen(address, timeout=20)
    return why.value.code


def test_the_server_wants_the_token_that_it_printed(server):
    contents = f"{server.address}/api/contents"
    assert refused(contents) == refused(f"{contents}?token={'0' * 48}") == 403
    with urllib.request.urlopen(f"{contents}?token={server.token}", timeout=20) as answer:
        assert answer.status == 200


def test_server_and_kernels_listen_on_this_machine_alone(server, page):
    process = psutil.Process(server.process.pid)
    sockets = process.net_connections(kind="inet")
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end while we look
            sockets += child.net_connections(kind="inet")
    listening = {(c.laddr.ip, c.laddr.port) for c in sockets if c.status == psutil.CONN_LISTEN}
    assert ("127.0.0.1", server.port) in listening and len(listening) > 1  # those of a kernel too
    assert {ip for ip, _ in listening} <= {"127.0.0.1", "::1"}


def test_a_slider_is_moved_and_the_picture_changes_while_the_kernel_stays_free(page):
    before = picture(page)
    at_three_months(page)
    assert kernel_idle_within(page, 30_000)
    finished(page)
    assert "3 months" in changed_text(page) and picture(page) != before
    assert page.locator(".simlib-moved").count() == 1 and page.locator(".simlib-stale").count() == 0
    assert page.inner_text(".simlib-committee-duty-listing--SC-02a .widget-readout") == "3"
    shot(page, "moved-en")


def test_the_clause_stands_in_the_hint_of_a_rule(page):
    title = page.locator(".simlib-committee-duty-listing--SC-02a .simlib-hint").get_attribute("title")
    assert title and "SC-02a" in title and "sichuan-2025-64" in title


@pytest.mark.slow
def test_the_language_is_switched_and_all_is_chinese_with_the_change_kept(page):
    at_three_months(page)
    finished(page)
    before = picture(page)
    page.click(".simlib-language button:has-text('中文')")
    finished(page, "完成：16")
    page.wait_for_selector(".simlib-stages >> text=药事会审议")
    assert "3个月" in changed_text(page) and picture(page) != before
    words = page.inner_text(".simlib-explore")
    left = re.findall(
        r"[A-Za-z]{4,}", re.sub(r"docs/[\w.]+|SC-\w+|English|Python|simlib|scenario|class\d|NMPA", "", words)
    )
    assert not left, left
    shot(page, "moved-zh")
    page.click(".simlib-language button:has-text('English')")
    finished(page)


@pytest.mark.slow
def test_the_picture_is_saved_as_svg_and_png(page, home):
    at_three_months(page)
    finished(page)
    page.click("button.simlib-save-picture")
    page.wait_for_selector(".simlib-picture-said >> text=outputs/explore/small-world-sichuan-changed-1.svg")
    folder = home / "outputs/explore"
    assert sorted(p.suffix for p in folder.iterdir()) == [".png", ".svg"]
    if SHOTS:
        shutil.copy(folder / "small-world-sichuan-changed-1.png", Path(SHOTS) / "saved-picture.png")


@pytest.mark.slow
def test_a_variant_is_saved_and_run(page, home):
    at_three_months(page)
    finished(page)
    moved = page.inner_text(".simlib-numbers")
    page.click(".simlib-tabs .lm-TabBar-tab:has-text('Variants')")
    page.fill(".simlib-save-name input", "three-months")
    page.click("button.simlib-save")
    page.wait_for_selector(".simlib-said >> text=Saved: scenarios/variants/three-months.yaml")
    assert "committee.duty.listing@SC-02a: 3 months" in (home / "scenarios/variants/three-months.yaml").read_text()
    shot(page, "saved-en")
    page.click(".simlib-presets button:has-text('Beijing')")
    page.wait_for_function("() => document.querySelector('.simlib-changed').textContent.includes('Nothing')")
    finished(page)
    assert page.inner_text(".simlib-numbers") != moved
    page.click(".simlib-presets button:has-text('Sichuan')")
    page.wait_for_selector(SLIDER)  # the widgets of Sichuan's rulebook: those of Beijing's hear nothing any more
    finished(page)
    page.click(".simlib-tabs .lm-TabBar-tab:has-text('Variants')")
    page.select_option(".simlib-which select", label="three-months")
    page.click("button.simlib-open")
    page.wait_for_function("() => document.querySelector('.simlib-changed').textContent.includes('3 months')")
    finished(page)
    assert page.inner_text(".simlib-numbers") == moved  # the same world on the same random numbers


@pytest.mark.slow
def test_a_preset_sets_every_rule(page):
    page.click(".simlib-presets button:has-text('Beijing')")
    page.wait_for_selector("[class*='--BJ-']")
    finished(page)
    assert page.locator(SLIDER).count() == 0
    shot(page, "beijing-en")


@pytest.mark.slow
def test_a_cell_that_is_run_again_leaves_one_workbench_and_one_process(page):
    page.click(".simlib-presets button:has-text('Beijing')")
    page.wait_for_selector("[class*='--BJ-']")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(SLIDER)  # Sichuan's, as the cell has it; Beijing's workbench had none
    finished(page)
    assert page.locator(".simlib-explore").count() == 1
    shot(page, "again-en")
