# Every target sets up what it needs: a virtual environment of its own, from the lock, and the compiled model (in
# SIMLIB_CACHE, or else the user's cache folder, where every checkout of the same sources finds it).
# The Python to build it with: make PYTHON=python3.12 ... (3.11 or newer)
PYTHON ?= python3
# Paths are relative, since make cannot handle a path with a blank in it: the folder above may be called anything.
ifeq ($(wildcard requirements.lock),)
$(error run make in the project's folder, or with -C and that folder)
endif
VENV := .venv
PY := .venv/bin/python
STAMP := .venv/.installed
# as many workers as cores; each starts with a run of neighbours and takes over from others when it has done its own
ON_ALL_CORES := -n auto --dist worksteal
export MPLBACKEND := Agg
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib
# tests and batches start dozens of processes: each would translate the same three hundred files of Python anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report report-pdf test verify bench setup small lint docs lab screenshots clean-outputs lock calibrate
.NOTPARALLEL:

report: setup            ## the main job: both experiments, to outputs/*/index.html
	$(PY) -m simlib batch own-rules swap

report-pdf: report       ## the report to hand out, outputs/*/handout/*.pdf in both languages (needs Chromium, Chrome or Edge)
	$(PY) -m simlib export outputs/own-rules --to pdf && $(PY) -m simlib export outputs/swap --to pdf

small: setup             ## the main job in a small profile, to outputs/small/
	$(PY) -m simlib batch own-rules swap --small

test: setup              ## the tests
	$(PY) -m pytest $(ON_ALL_CORES)

verify: setup            ## the long verification
	$(PY) -m pytest $(ON_ALL_CORES) -m slow

bench: setup             ## seconds and memory, engine beside the plain twin
	$(PY) -m benchmarks.bench

lab: setup               ## JupyterLab on the notebooks, on this machine alone
	$(PY) -m simlib lab

screenshots: setup       ## pictures of every page, to be looked at, to outputs/screenshots/ (needs Chromium; reports as far as they were made)
	$(PY) -m tests.browser.photograph

lint: setup
	$(PY) -m ruff check . && $(PY) -m ruff format --check .

setup: $(STAMP)

$(STAMP): requirements.lock tools/setup_venv.py
	"$(PYTHON)" tools/setup_venv.py $(VENV) requirements.lock
	$(PY) -m simlib.core.compiled
	touch $(STAMP)

docs: setup              ## the model's own documentation, to docs/
	$(PY) -m simlib docs

calibrate: setup         ## fit the assumed numbers to published figures anew, to scenarios/fitted/ (about an hour on two cores; goes on where it was)
	$(PY) -m simlib calibrate

lock:                    ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
