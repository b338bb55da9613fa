# `make run` starts the whole system on this machine and onboards a sample of people; `make help` lists the rest.
#
#   make run EXIT=1             end after the sample; fails where an outcome is not the expected one
#   make run WORKFLOW=prescreening   screen applications for funding instead; fails as above
#   make run PYTHON=python3.12  the Python that .venv is made with
#   make replay EXECUTION=ID    run an execution again: identical, or what has changed since
#   make evidence EXECUTION=ID  write its case file into evidence/; both work while `make run` runs and after it
#   make run ARGS="--api-port 9090 --data DIR --broker-port N --database-port N --sample FILE"

VENV ?= .venv
PYTHON ?= $(if $(wildcard $(VENV)/bin/python),$(VENV)/bin/python,$(chosen))
DATA ?= .vetstream
ARGS ?=
JOBS ?= 2
BIN := $(VENV)/bin

# A Python built without optimisation, as version managers do, takes half as long again: then the system's own, if it will do.
chosen = $(shell if ! python3 -c 'import sysconfig as s; assert "--enable-optimizations" in s.get_config_var("CONFIG_ARGS")' \
	&& /usr/bin/python3 -c 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)'; \
	then echo /usr/bin/python3; else echo python3; fi 2>/dev/null)

.PHONY: help run clean replay evidence policy-diff test bench quality lint models release-schemas contract-coverage \
	openapi install install-dev python
.DEFAULT_GOAL := help

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

run: install  ## start everything, onboard the sample, stay up until Ctrl-C
	@exec $(BIN)/python -m libs.embedded run --data "$(DATA)" $(if $(EXIT),--exit) $(if $(WORKFLOW),--workflow $(WORKFLOW)) $(ARGS)

clean:  ## remove the data of `make run`
	@if [ ! -e "$(DATA)/lock" ]; then echo "nothing to remove: no run has used $(DATA)"; \
	else exec $(BIN)/python -m libs.embedded clean --data "$(DATA)"; fi

replay: install  ## run an execution again without asking anybody: identical, or what has changed since; EXECUTION=…
	@exec $(BIN)/python -m libs.audit replay $(EXECUTION) --data "$(DATA)" $(ARGS)

evidence: install  ## write the case file of an execution, HTML and JSON, into evidence/; EXECUTION=…
	@exec $(BIN)/python -m libs.audit evidence $(EXECUTION) --data "$(DATA)" $(ARGS)

policy-diff: install  ## who would be decided otherwise under a changed policy; ARGS="--policy FILE --profile FILE --since DAY"
	@exec $(BIN)/python -m libs.audit diff --data "$(DATA)" $(ARGS)

test: install-dev  ## run the tests, two at a time; ARGS="tests/libs/asl" runs some, JOBS=0 one after the other
	@exec $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder $(ARGS)

bench: install-dev  ## print what was measured, one JSON line a figure; ARGS="soak" runs one
	@exec $(BIN)/python -m tests.benchmarks $(ARGS)

quality: install-dev  ## print how right the checks are, one JSON line a figure; fails where one has dropped
	@exec $(BIN)/python -m tests.quality

lint: install-dev  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

models: install-dev  ## make libs/events/models.py and docs/topology.md from schemas/
	@$(BIN)/python -m libs.events.generate
	@exec $(BIN)/python -m libs.events.topology

release-schemas: install-dev  ## add changed schemas to schemas/released/, unless they break their readers
	@$(BIN)/python -m libs.events.compatibility
	@exec $(BIN)/python -m libs.events.released

contract-coverage: install  ## which operations of the contract are served; fails where one is not listed
	@exec $(BIN)/python -m services.results.api.coverage

openapi: install  ## release the description of the API as schemas/openapi.json, unless that would break a client
	@exec $(BIN)/python -m services.results.api.openapi

# What is installed is told by copies of the lock files in the environment; the larger lock holds the smaller one.
install: python
	@cmp -s requirements.lock "$(VENV)/requirements.lock" || { $(call installed,requirements.lock) \
	&& cp requirements.lock "$(VENV)/requirements.lock"; }

install-dev: python
	@cmp -s requirements-dev.lock "$(VENV)/requirements-dev.lock" || { $(call installed,requirements-dev.lock) \
	&& cp requirements.lock requirements-dev.lock "$(VENV)/"; }

# The names of the locks go first, so that an installation that was cut short is done again.
installed = echo "installing $(1) into $(VENV) with $(PYTHON): about a minute, once" \
	&& rm -f "$(VENV)/requirements.lock" "$(VENV)/requirements-dev.lock" \
	&& { "$(BIN)/python" -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv "$(VENV)"; } \
	&& "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	--require-hashes --requirement $(1)

python:
	@command -v $(PYTHON) >/dev/null || { echo "there is no $(PYTHON): install Python 3.11 or newer," \
	"or name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; v[:2] >= (3, 11) or sys.exit("Python 3.11 or newer is needed,"\
	" $(PYTHON) is %d.%d: name another, make $(MAKECMDGOALS) PYTHON=python3.12" % (v[0], v[1]))'
