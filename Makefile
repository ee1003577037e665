# Two commands for a newcomer: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev system demo lint types test test-deep bench clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# The editor is a comfort: without npm, or when it cannot be had, the plain form is used; where CI=true it must be had.
node_modules/.editor: package.json package-lock.json
	@if npm ci --silent --no-fund --no-audit --ignore-scripts; then touch $@; \
	else echo 'Utan npm: SPARQL-sidan har det enkla formuläret. / Without npm: the SPARQL page has the plain form.' >&2; \
	[ "$${CI:-}" != true ]; fi

setup: $(VENV)/.run node_modules/.editor ## a virtual environment with what the program needs

setup-dev: $(VENV)/.dev node_modules/.editor ## the same with what the tests need

# Chromium for the pages and Java for the reasoner, from the system's packages.
system:
	@tests/system-packages

demo: setup ## load the examples, validate, answer, serve the pages (ARGS=--no-serve stops after the answers)
	$(BIN)/rodtrad demo $(ARGS)

lint: setup-dev ## style, types and the house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --warnings

test: setup-dev system lint ## every kind of check at small counts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q -m 'not deep'

test-deep: setup-dev system lint ## full counts: kills, fuzzing, browsers, scale
	RODTRAD_DEEP=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q

bench: setup-dev ## the benchmark table
	$(BIN)/python -m benchmarks.run $(ARGS)

clean: ## remove what was made here
	rm -rf $(VENV) node_modules .data .artifacts build dist *.egg-info .pytest_cache .ruff_cache
