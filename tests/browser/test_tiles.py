"""The page of tiles in a browser: it plays, its tiles and means move with the date, and it complains of nothing."""

from __future__ import annotations

import pytest

from simlib.scenario.scenario import load_scenario
from simlib.see.filling import filling
from simlib.see.save import save
from tests.browser.lab import ARGUMENTS, chromium, overheard

sync_api = pytest.importorskip("playwright.sync_api")
PIXELS = "() => [...document.querySelectorAll('canvas')].map(c => c.toDataURL()).join()"


@pytest.fixture(scope="module", params=["en", "zh"])
def opened(request, tmp_path_factory):
    """The page, opened from a file; what it asked for and complained of."""
    file = save(filling(load_scenario("chain")), tmp_path_factory.mktemp("tiles") / "a.html", request.param)
    with sync_api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        tab = overheard(browser, file)
        tab.language = request.param
        yield tab
        browser.close()


def test_play_moves_the_date_and_the_tiles_and_stops_again(opened):
    last, play = opened.locator("#day").inner_text(), opened.locator("#play")
    stocked = opened.evaluate(PIXELS)
    assert play.inner_text() == {"en": "play", "zh": "播放"}[opened.language]
    play.click()
    assert opened.locator("#day").inner_text() < last and opened.evaluate(PIXELS) != stocked
    assert play.inner_text() == {"en": "stop", "zh": "停止"}[opened.language]
    first = opened.locator("#day").inner_text()
    opened.wait_for_function("day => document.getElementById('day').textContent > day", arg=first)
    play.click()
    assert play.inner_text() == {"en": "play", "zh": "播放"}[opened.language]
    resting = opened.locator("#day").inner_text()
    opened.wait_for_timeout(1000)
    assert opened.locator("#day").inner_text() == resting


def test_the_slider_sets_the_date_and_a_tile_tells_its_hospital(opened):
    slider = opened.locator("#month")
    slider.fill(slider.get_attribute("max"))
    at_end = opened.locator("#mean-0").inner_text()
    slider.fill("0")
    assert opened.locator("#mean-0").inner_text() != at_end
    opened.locator("#block-0").hover(position={"x": 3, "y": 3})
    assert opened.locator("#who").inner_text().startswith("h-")


def test_it_asks_for_nothing_and_complains_of_nothing(opened):
    assert [u for u in opened.asked if not u.startswith(("file:", "data:", "blob:"))] == [] and opened.said == []
