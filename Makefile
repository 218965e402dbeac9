# hemeroteca: the two commands of the README are `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= demo
SERVE  ?= 1
PORT   ?= 8001
UV     := $(shell command -v uv 2>/dev/null)

ifdef UV
INSTALL = VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --require-hashes -r
EDITABLE = VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --no-deps --no-build-isolation --editable .
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
EDITABLE = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif

.PHONY: help demo test check pins readme quality bench torture clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/run.stamp  ## crawl the replica newspapers, print what happened, serve the result (SERVE=0: do not serve)
	$(BIN)/hemeroteca demo $(DEMO) --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/dev.stamp check  ## every check and every test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -q

check: $(VENV)/dev.stamp  ## what needs no test run: style, types, import direction, dependencies, generated text
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/cog --check -P README.md COMMANDS.md

readme: $(VENV)/dev.stamp  ## write the generated parts of the README again
	$(BIN)/cog -r -P README.md COMMANDS.md

pins: $(VENV)/dev.stamp  ## compile requirements/*.txt again: newest versions that pyproject.toml allows
	for set in run build dev; do \
	  case $$set in run) from="pyproject.toml";; build) from="requirements/build.in";; dev) from="pyproject.toml --group dev";; esac; \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --custom-compile-command "make pins" $$from -o requirements/$$set.txt || exit 1; \
	done

quality: $(VENV)/dev.stamp  ## what the reader reads right, field by field, against the floors (QUALITY="fundus --worst body": the worst pages)
	$(BIN)/python -m tests.quality $(QUALITY)

bench: $(VENV)/dev.stamp  ## what crawl, rebuild, walk, topics and memory cost, as ratios (BENCH="--quick crawl": less of it)
	$(BIN)/python -m tests.bench $(BENCH)

torture: $(VENV)/dev.stamp  ## kill -9 two hundred crawls and break one at each of its steps: nothing may be lost (some 20 minutes)
	$(BIN)/python -m tests.torture $(TORTURE)

clean:  ## remove the environment and the demo corpus
	rm -rf $(VENV) $(DEMO) dist build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "hemeroteca needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml $(wildcard crawler/launch/hemeroteca/*.py) | $(VENV)/bin/python
	$(INSTALL) requirements/run.txt
	$(INSTALL) requirements/build.txt
	$(EDITABLE)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(INSTALL) requirements/dev.txt
	@touch $@
