# Everything a newcomer runs. Needs Python 3.11 or newer, make, and the package registries.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: setup demo test check pin

setup: $(STAMP)

# Dependencies first, each held to its hash; then the project itself, without its dependencies.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/register demo

test: setup
	$(BIN)/pytest
