"""Hospitals filling up as one page that needs no network: tiles, a slider over the months, and the name of each hospital."""

from __future__ import annotations

import base64
import html
import json
from typing import Any

import numpy as np

from simlib.see.base import words_of
from simlib.see.figure_files import figure_bytes
from simlib.see.filling import Filling
from simlib.see.fonts import subset_data
from simlib.see.tiles import SHADES, across, block_name, mean_text, notes_of, tile_still
from simlib.words import Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; img-src data:"
_STYLE = """
body { margin: 1rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff;
  font: 16px/1.45 "Segoe UI", "Helvetica Neue", Arial, "simlib-sc", sans-serif; }
[lang=zh] body, [lang=zh] button { font-family: "simlib-sc", "Segoe UI", Arial, sans-serif; }
h1 { font-size: 1.3rem; margin: .3rem 0; } p { margin: .2rem 0; color: #555; font-size: .88rem; }
.bar { position: sticky; top: 0; background: #fff; padding: .5rem 0; display: flex; gap: .8rem; align-items: center;
  border-bottom: 1px solid #ddd; }
.bar input { flex: 1; } .bar b { font-size: 1.25rem; min-width: 7.2rem; font-variant-numeric: tabular-nums; }
button { font: inherit; padding: .2rem .9rem; min-width: 4.5rem; }
.scale { display: flex; gap: .5rem; align-items: center; color: #222; }
.scale i { display: inline-block; width: 12rem; height: .8rem; border: 1px solid #ccc; }
h2 { font-size: .9rem; font-weight: 600; margin: .7rem 0 .15rem; display: flex; justify-content: space-between; }
h2 span { font-weight: 400; } canvas { width: 100%; display: block; image-rendering: pixelated; cursor: crosshair; }
#who { min-height: 1.4em; color: #222; } img { max-width: 100%; }
"""
_SCRIPT = """
"use strict";
const D = JSON.parse(document.getElementById("data").textContent), S = 10, G = 1;
const slider = document.getElementById("month"), day = document.getElementById("day"), play = document.getElementById("play");
const who = document.getElementById("who"), parts = [];
let timer = null;
function shade(v) { return v < 0 ? "#fff" : D.shades[Math.min(D.shades.length - 1, Math.round(v / D.most * (D.shades.length - 1)))]; }
function said(v) { return v < 0 ? D.none : D.unit.replace("{x}", v); }
function draw() {
  const t = Number(slider.value);
  day.textContent = D.dates[t];
  slider.setAttribute("aria-valuetext", D.dates[t]);
  for (const p of parts) {
    p.values[t].forEach((v, i) => {
      const x = (i % D.columns) * S, y = Math.floor(i / D.columns) * S;
      p.pen.fillStyle = shade(v);
      p.pen.fillRect(x, y, S - G, S - G);
      if (v < 0) { p.pen.strokeStyle = "#cdcdcd"; p.pen.strokeRect(x + .5, y + .5, S - G - 1, S - G - 1); }
    });
    p.mean.textContent = p.means[t];
  }
}
D.blocks.forEach((b, k) => {
  const canvas = document.getElementById("block-" + k), rows = Math.ceil(b.names.length / D.columns);
  canvas.width = D.columns * S; canvas.height = rows * S;
  parts.push({ pen: canvas.getContext("2d"), values: b.values, means: b.means, mean: document.getElementById("mean-" + k) });
  canvas.addEventListener("pointermove", e => {
    const box = canvas.getBoundingClientRect();
    const i = Math.floor((e.clientY - box.top) / box.height * rows) * D.columns + Math.floor((e.clientX - box.left) / box.width * D.columns);
    who.textContent = i >= 0 && i < b.names.length ? b.names[i] + ": " + said(b.values[Number(slider.value)][i]) : D.hint;
  });
});
function stop() { clearInterval(timer); timer = null; play.textContent = D.play; }
play.addEventListener("click", () => {
  if (timer !== null) { stop(); return; }
  if (Number(slider.value) === D.dates.length - 1) slider.value = 0;
  play.textContent = D.stop;
  draw();
  timer = setInterval(() => {
    slider.value = Number(slider.value) + 1;
    draw();
    if (Number(slider.value) === D.dates.length - 1) stop();
  }, 450);
});
slider.addEventListener("input", () => { if (timer !== null) stop(); draw(); });
document.getElementById("moving").hidden = false;
draw();
"""


def page(f: Filling, language: str = "en") -> str:
    """The whole page. Where scripts are off it shows the six dates of the still instead."""
    w = words_of(language)
    data = json.dumps(_data(f, w), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    title, notes = html.escape(w["tiles_title"]), "".join(f"<p>{html.escape(n)}</p>" for n in notes_of(f, w))
    still = base64.b64encode(figure_bytes(tile_still(f, language), ".png")).decode("ascii")
    blocks = "".join(
        f'<h2>{html.escape(block_name(b, w))}<span id="mean-{k}"></span></h2><canvas id="block-{k}"></canvas>'
        for k, b in enumerate(f.blocks)
    )
    last = len(f.dates) - 1
    body = (
        f'<h1>{title}</h1>{notes}<div id="moving" hidden><div class="bar"><button id="play">{w["tiles_play"]}</button>'
        f'<input id="month" type="range" min="0" max="{last}" value="{last}" aria-label="{w["tiles_slider"]}"><b id="day"></b></div>'
        f'{_scale(f, w)}<p id="who" role="status">{html.escape(w["tiles_hint"])}</p>{blocks}</div>'
        f'<noscript><p>{html.escape(w["tiles_script"])}</p><img alt="{title}" src="data:image/png;base64,{still}"></noscript>'
    )
    text = title + "".join(w.values()) + "".join(f.names) + "".join(notes_of(f, w)) + "0123456789–"
    face = f'@font-face {{ font-family: "simlib-sc"; src: url(data:font/woff;base64,{subset_data(text)}) format("woff"); }}'
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{face}{_STYLE}</style>\n</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="data">{data}</script>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n'
    )


def _scale(f: Filling, w: Words) -> str:
    stops = ", ".join(_hex(x) for x in np.linspace(0, 1, 9))
    end = f"{f.most:.0f}" if f.measure == "number" else f"{100 * f.most:.3g}%"
    top = html.escape(w.say("tiles_top", x=end))
    what = html.escape(w[f"tiles_{f.measure}"])
    return f'<p class="scale">0 <i style="background: linear-gradient(to right, {stops})"></i> {top} · {what}</p>'


def _hex(part: float) -> str:
    return "#" + "".join(f"{round(255 * x):02x}" for x in SHADES(float(part))[:3])


def _data(f: Filling, w: Words) -> dict[str, Any]:
    """What the script draws: whole numbers (of drugs, or per cent), -1 for hospitals with nothing to stock yet.

    Means are sent as they are written, of the values before rounding, so that page and animation say the same.
    """
    factor = 1 if f.measure == "number" else 100
    whole = np.where(np.isnan(f.values), -1, np.round(factor * np.nan_to_num(f.values))).astype(int)
    blocks = [
        {
            "names": [f.names[i] for i in b.hospitals],
            "values": whole[:, b.hospitals].tolist(),
            "means": [mean_text(f, t, b, w) for t in range(len(f.dates))],
        }
        for b in f.blocks
    ]
    return {
        "dates": [str(d) for d in f.dates], "columns": across(f), "most": factor * f.most, "blocks": blocks,
        "shades": [_hex(x) for x in np.linspace(0, 1, 64)], "unit": w[f"tiles_value_{f.measure}"],
        "none": w["tiles_none"], "play": w["tiles_play"], "stop": w["tiles_stop"], "hint": w["tiles_hint"],
    }  # fmt: skip
