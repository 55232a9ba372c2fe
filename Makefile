# `make book` and `make test` set up all they need; everything lives in .venv and _build.
PYTHON ?= python3
ARGS   ?=
# How many tests run at once; those of one file stay together.
TESTERS ?= logical
VENV   := .venv
BIN    := $(VENV)/bin
# What was set up: the libraries that build the book, or those of the tests too.
READY  := $(VENV)/.ready
DEV    := $(VENV)/.ready-dev

# It needs no network: the types that it reads are in types/.
DENO   := DENO_DIR=$(VENV)/.deno DENO_NO_UPDATE_CHECK=1 $(BIN)/deno

.NOTPARALLEL:
.PHONY: help book serve test programs check lint format architecture cover pictures lock wheel bare accessibility lighthouse bench-build bench-size bench-page bench-lab bench-grading bench-notebooks clean figures font

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) tools/install.py book
	@touch $@

$(DEV): pyproject.toml requirements.lock requirements-dev.lock
	@$(PYTHON) tools/install.py dev
	@touch $(READY) $@

book: $(READY)  ## Build the book into _build/html
	$(BIN)/pfp build

serve: book  ## Build the book and show it on this computer
	$(BIN)/pfp serve

test: $(DEV) programs book  ## Run all tests, in a real browser too; or some: make test ARGS=tests/data
	$(BIN)/python -m pytest --numprocesses $(TESTERS) --dist loadgroup --no-loadscope-reorder $(ARGS)

programs: $(DEV)  ## Find what the tests use beside Python, and install what is missing
	@$(BIN)/python tools/programs.py

bare:  ## Try both commands in a bare Debian, as root and as another user (needs debootstrap, root)
	tools/bare

accessibility: $(DEV) programs book  ## Check the pages for readers of all kinds, and write down the results
	$(BIN)/python tests/accessibility.py

lighthouse: $(DEV) programs book  ## Measure the pages on a simulated slow phone (needs Node.js)
	$(BIN)/python tests/lighthouse.py

check: $(READY)  ## Check data, questions, notebooks and pages
	$(BIN)/pfp check

lint: $(DEV)  ## Ruff and mypy for Python, Deno for JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check src

format: $(DEV)  ## Let ruff and Deno put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(DENO) fmt

cover: $(DEV)  ## Draw the cover from the table of signatories
	$(BIN)/python tools/cover.py

pictures: $(DEV)  ## Keep the pictures of twelve pages as they look now; look at them first
	PFP_PICTURES=keep $(BIN)/python -m pytest -q tests/browser/test_pictures.py

architecture: $(DEV)  ## Make the picture of ARCHITECTURE.md from the code
	$(BIN)/python tools/architecture.py

lock: $(DEV)  ## Compile both lock files and environment.yml from pyproject.toml
	$(BIN)/python tools/lock.py

wheel: $(READY)  ## Build the wheel into dist
	$(BIN)/python -m hatchling build -t wheel

figures: $(DEV) programs book  ## Draw anew the small pictures with which the tests compare the figures
	PYTHONPATH=tests $(BIN)/python tests/figure_pictures.py

font: $(DEV)  ## Make the font of the course from the one that it is cut from (needs the package index)
	$(BIN)/uv run --no-project tools/font.py

bench-build: $(DEV)  ## Measure pfp build beside the stock build of Jupyter Book
	$(BIN)/python benchmarks/build.py $(ARGS)

bench-size: $(DEV)  ## Measure builds of 14, 140 and 1,400 chapters
	$(BIN)/python benchmarks/size.py $(ARGS)

bench-page: $(DEV) programs book  ## Measure quizzes on pages beside jupyterquiz
	$(BIN)/python benchmarks/page.py $(ARGS)

bench-lab: $(DEV) programs  ## Measure the way from pfp start to a quiz in JupyterLab
	$(BIN)/python benchmarks/lab.py $(ARGS)

bench-grading: $(DEV)  ## Measure pfp grade with 1,000 and 10,000 receipts
	$(BIN)/python benchmarks/grading.py $(ARGS)

bench-notebooks: $(DEV)  ## Measure pfp grade --notebooks beside bare runs and nbgrader
	$(BIN)/python benchmarks/notebooks.py $(ARGS)

clean:  ## Remove what was built, and the environment
	rm -rf _build dist $(VENV)
