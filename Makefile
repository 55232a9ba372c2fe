# `make book` and `make test` set up all they need; everything lives in .venv and _build.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help book serve test check lint format lock wheel browser accessibility lighthouse bench-grading bench-notebooks clean

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and $(PYTHON) is older. Name another: make PYTHON=python3.12 book")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

book: $(READY)  ## Build the book into _build/html
	$(BIN)/pfp build

serve: book  ## Build the book and show it on this computer
	$(BIN)/pfp serve

test: $(READY) browser book  ## Run all tests, in a real browser too
	$(BIN)/python -m pytest

browser: $(READY)  ## Find Chromium, or fetch it for the tests
	$(BIN)/python tests/browsers.py

accessibility: $(READY) browser book  ## Check the pages for readers of all kinds, and write down the results
	$(BIN)/python tests/accessibility.py

lighthouse: $(READY) browser book  ## Measure the pages on a simulated slow phone (needs Node.js)
	$(BIN)/python tests/lighthouse.py

check: $(READY)  ## Check data, questions and notebooks
	$(BIN)/pfp check

lint: $(READY)  ## Ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)  ## Compile requirements.lock and environment.yml from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --quiet --extra book --extra dev --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --generate-hashes -o requirements.lock
	$(BIN)/python tests/environment.py > environment.yml

wheel: $(READY)  ## Build the wheel into dist
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

bench-grading: $(READY)  ## Measure pfp grade with 1,000 and 10,000 receipts
	$(BIN)/python tests/bench_grading.py

bench-notebooks: $(READY)  ## Measure pfp grade --notebooks beside bare runs and nbgrader
	$(BIN)/python tests/bench_notebooks.py

clean:  ## Remove what was built, and the environment
	rm -rf _build dist $(VENV)
