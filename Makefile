# `make run` and `make test` need nothing but Python 3.11, 3.12 or 3.13; both make the environment first.
PYTHON ?= python3
SCENARIO ?= baseline
BIN = .venv/bin

.PHONY: run test lint docs clean

run: .venv/installed
	$(BIN)/python run.py run $(SCENARIO)

test: .venv/installed-dev
	$(BIN)/pytest

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/installed
	$(BIN)/python -m experiments.reference
	$(BIN)/python -m experiments.income_page

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e .
	touch $@

.venv/installed-dev: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e ".[dev]"
	touch $@ .venv/installed

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
