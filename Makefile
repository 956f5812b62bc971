# make run    set up, build the index if need be, then the bot (BOT_TOKEN set) or a chat
# make test   set up, then all tests
# make bench  set up, then all benchmarks, or make bench ONLY=peers: see benchmarks/README.md
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TORCH ?= 2.13.0
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test setup lint eval bench clean

run: setup
	@$(BIN)/audiatur run

test: setup
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

eval: setup
	$(BIN)/audiatur eval
	$(BIN)/python evals/plots.py

bench: setup
	$(BIN)/python benchmarks/run.py $(ONLY)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=benchmarks:benchmarks/peers $(BIN)/mypy benchmarks/*.py benchmarks/peers/with_audiatur.py
	MYPYPATH=training $(BIN)/mypy training/*.py
	$(BIN)/mypy evals/*.py
	$(BIN)/lint-imports

setup: $(READY)

# torch first and alone, so that nothing else decides which build of it comes
$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "audiatur needs Python 3.11 or newer; install it and run make again" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch==$(TORCH)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
