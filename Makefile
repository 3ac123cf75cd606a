# Two commands matter: `make run` and `make test`. Each does everything it needs, from a fresh clone on.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILT := static/built/register.css
RECIPES := tests/recipes/node_modules/.installed
STYLES := $(shell find static/styles -name '*.scss' 2>/dev/null)
MANAGE := $(BIN)/python manage.py
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --quiet
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where npm is not installed, it comes with Node from a wheel into $(VENV).
NPM := $(shell command -v npm 2>/dev/null || echo $(BIN)/npm)
# npm trusts what the machine trusts, also where a company inspects its traffic.
export NODE_USE_SYSTEM_CA := 1
export npm_config_update_notifier := false
export PATH := $(PATH):$(CURDIR)/$(BIN)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-fast bench lint format install assets migrate collectstatic openapi serve worker lock clean

help: ## Show this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(VENV)/production.installed $(BUILT) ## Serve the demonstration register at http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/python -m config.launch

test: lint $(RECIPES) ## Check everything: lint, then all tests (the browser tests need an installed Chromium)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: $(VENV)/development.installed $(RECIPES) ## The tests without those in a browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser"

bench: $(VENV)/development.installed ## Measure what the register promises about speed, beside what it is held against
	$(BIN)/python -m benchmarks $(NAMES)

lint: export DJANGO_SETTINGS_MODULE := config.settings.test
lint: $(VENV)/development.installed $(BUILT) ## Style, types, arrows between the rooms, templates, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djlint templates --check --quiet
	$(BIN)/mypy
	$(MANAGE) check
	$(MANAGE) makemigrations --check --dry-run

format: $(VENV)/development.installed ## Bring Python and templates into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet || true

install: $(VENV)/production.installed ## Install what the register runs on into .venv

assets: $(BUILT) ## Build style sheet, fonts, icons and scripts into static/built

migrate: ## Bring the tables up to date (production: see docs/operations.md)
	$(MANAGE) migrate --no-input
	$(MANAGE) createcachetable

collectstatic: ## Copy, fingerprint and compress the static files
	$(MANAGE) collectstatic --no-input --ignore '*.scss' --ignore redoc

openapi: ## Write docs/openapi.json, the description of the API, anew
	$(MANAGE) spectacular --format openapi-json --file docs/openapi.json

serve: ## Serve with gunicorn (production; WEB_CONCURRENCY processes of 8 threads)
	exec $(BIN)/gunicorn config.wsgi:application --config python:config.web_server --bind 0.0.0.0:$${PORT:-8000} \
		--worker-class gthread --threads 8 --timeout 120 --max-requests 5000 --max-requests-jitter 500 --no-control-socket

worker: ## Do the deferred work: mail, letters, scans, exports (production)
	exec $(MANAGE) procrastinate worker --concurrency 2

lock: $(VENV)/development.installed ## Resolve requirements/*.in and package.json into the locked files (UPGRADE=--upgrade for newer ones)
	$(LOCK) $(UPGRADE) requirements/production.in -o requirements/production.txt
	$(LOCK) $(UPGRADE) -c requirements/production.txt requirements/development.in -o requirements/development.txt
	$(LOCK) $(UPGRADE) requirements/node.in -o requirements/node.txt
	$(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
	cd tests/recipes && $(abspath $(NPM)) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## Remove what was installed and built; data in var/ stays
	rm -rf $(VENV) node_modules tests/recipes/node_modules static/built .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'The register needs Python 3.11 or newer: make PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo 'This Python makes no virtual environments. On Debian: apt-get install python3-venv'; exit 1; }

$(VENV)/production.installed: requirements/production.txt | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

$(VENV)/development.installed: requirements/development.txt $(VENV)/production.installed
	$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

$(BIN)/npm: requirements/node.txt | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

node_modules/.installed: package.json package-lock.json | $(NPM)
	$(NPM) ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@

$(RECIPES): tests/recipes/package.json tests/recipes/package-lock.json | $(NPM)
	cd $(@D)/.. && $(abspath $(NPM)) ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): node_modules/.installed config/build_assets.py $(STYLES) | $(BIN)/python
	$(BIN)/python config/build_assets.py
	@touch $@
