# jixi_assist 绩溪救助. `make help` lists the commands.
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: help setup test lint
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1	/' | expand -t 12

setup: .make/base ## virtual environment, packages, keys

.make/base: requirements/base.txt scripts/setup.sh
	@PYTHON=$(PYTHON) scripts/setup.sh base
	@mkdir -p .make && touch $@

.make/test: requirements/test.txt .make/base
	@PYTHON=$(PYTHON) scripts/setup.sh test
	@mkdir -p .make && touch $@

test: .make/test ## set-up plus test tools, then the suite on real PostgreSQL
	@$(PY) -m pytest -n 2

lint: .make/test ## format, rules, types, import directions, migrations: runs all, counts failures
	@scripts/lint.sh
