# The commands of this project; `make` alone lists them.

PORT ?= 5000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One worker a core. Without compiled files each of some 70 processes would compile the site again.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal
# npm writes this file last; it is older than the lock after an interrupted installation.
NODE_MODULES := node_modules/.package-lock.json

.PHONY: help run test quick check format lock bench backup chaos attack mutants audit licences bundle favicon pictures
.DEFAULT_GOAL := help

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(VENV)/runtime  ## set up everything and serve the demo on 127.0.0.1 (PORT=5000)
	@exec $(BIN)/python -m quart_popovers.demo $(PORT)

test: $(VENV)/development  ## run the whole test suite, or a part: ARGS="tests/feed -x"
	$(PYTEST) $(ARGS)

quick: $(VENV)/development  ## run the tests that need no browser and start no program
	$(PYTEST) -m "not browser and not programs" $(ARGS)

check: $(VENV)/development $(NODE_MODULES)  ## lint, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	node_modules/.bin/tsc -p jsconfig.json

bundle: $(VENV)/development $(NODE_MODULES)  ## write hovercard.min.js from its modules
	$(BIN)/python -m tools.bundle

favicon: $(VENV)/development  ## write favicon.ico from icon.svg (needs Chromium)
	$(BIN)/python -m tools.make_favicon

pictures: $(VENV)/development  ## take the README's pictures of a running `make run` (PORT=5000)
	$(BIN)/python -m tools.take_pictures http://127.0.0.1:$(PORT)

backup: $(VENV)/runtime  ## copy the SQLite database to instance/backups while it is in use
	@$(BIN)/python -m quart_popovers.backup

chaos: $(VENV)/development  ## kill the server 50 times while people post (some 2 minutes)
	$(BIN)/python -m tests.chaos.kill 50

attack: $(VENV)/development  ## replay known attacks and measure an honest visitor (some 2 minutes)
	$(BIN)/python -m tests.chaos.attack

bench: $(VENV)/bench  ## measure hovers and pages beside stock Quart and Flask (some 13 minutes)
	$(BIN)/python -m benchmarks

mutants: $(VENV)/mutation  ## look for changes of security code that no test notices
	rm -rf mutants
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results

audit: $(VENV)/audit/done  ## look for known weaknesses of what is installed (asks PyPI's advisories)
	$(VENV)/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock -r requirements-dev.lock

licences: $(VENV)/development  ## write docs/licences.md
	$(BIN)/python -m tools.list_licences > docs/licences.md

format: $(VENV)/development  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## pin the newest allowed versions (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-header -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements-dev.lock
	uv pip compile pyproject.toml --group bench --universal --generate-hashes --no-header -o requirements-bench.lock
	uv pip compile --group pyproject.toml:mutation -c requirements-dev.lock --universal --generate-hashes --no-header -o requirements-mutation.lock
	uv pip compile --group pyproject.toml:audit --universal --generate-hashes --no-header -o requirements-audit.lock

$(BIN)/pip:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.lock | $(BIN)/pip
	@echo "Installing what the site needs (only this once) …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# In an environment of its own: the auditor's packages are none of the site's.
$(VENV)/audit/done: requirements-audit.lock | $(BIN)/pip
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-audit.lock
	@touch $@

$(VENV)/bench: requirements-bench.lock | $(VENV)/development
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

$(VENV)/mutation: requirements-mutation.lock | $(VENV)/development
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-mutation.lock
	@touch $@

$(VENV)/development: requirements-dev.lock | $(BIN)/pip
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/runtime

$(NODE_MODULES): package-lock.json
	@command -v npm >/dev/null || { \
	  echo "npm is missing. On Debian or Ubuntu: sudo apt install npm"; exit 1; }
	@echo "Installing the type checker and the bundler for scripts (only this once) …"
	@npm ci --silent
	@touch $@
