"""The pictures: each is a function of a result, a comparison or a story, in English or Chinese, that returns a figure."""

from simlib.see.availability import availability
from simlib.see.bottleneck_bars import bottleneck_bars
from simlib.see.failing import failing
from simlib.see.filling import Filling, filling
from simlib.see.frontier import frontier
from simlib.see.obedience_curve import obedience_line
from simlib.see.passage import Passage, passage
from simlib.see.process_map import process_map
from simlib.see.save import save
from simlib.see.spans import DrugStory, drug_story
from simlib.see.strip import calendar_strip
from simlib.see.strips import hospital_strips
from simlib.see.tiles import tile_still
from simlib.see.waterfall import waterfall

__all__ = [
    "DrugStory",
    "Filling",
    "Passage",
    "availability",
    "bottleneck_bars",
    "calendar_strip",
    "drug_story",
    "failing",
    "filling",
    "frontier",
    "hospital_strips",
    "obedience_line",
    "passage",
    "process_map",
    "save",
    "tile_still",
    "waterfall",
]
