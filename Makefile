# `make demo` shows the product, `make test` proves it. Both set up .venv from nothing, by the
# hashes of the locks, with uv where it is installed and with pip elsewhere.

PYTHON := .venv/bin/python
ARGS :=
DAYS ?= 1

.DEFAULT_GOAL := help
.PHONY: help demo test soak bench bench-quick lint secrets audit sbom system pictures

help: ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: .venv/runtime.stamp ## Start the bot, the simulated phones and the office after DAYS=1 of work; Ctrl-C stops all
	@exec $(PYTHON) cli.py demo --days $(DAYS) $(ARGS)

test: system .venv/dev.stamp ## Run every test on SQLite and on PostgreSQL (ARGS go to pytest; DAYS=3 of a plant in the browser)
	@$(PYTHON) -m tests $(ARGS)

soak: .venv/dev.stamp ## The tests that grow with SCALE, at their full size and a new seed (SCALE, SEED, ROUNDS, N, DAYS)
	@SCALE=$${SCALE:-full} $(PYTHON) -m tests $(ARGS)

bench: .venv/dev.stamp ## What things cost beside what a plant would have otherwise (ARGS="--check", "--only turn")
	@$(PYTHON) -m tests.bench $(ARGS)

bench-quick: .venv/dev.stamp ## The same on small sizes, in three minutes
	@$(PYTHON) -m tests.bench --quick $(ARGS)

lint: .venv/dev.stamp ## Style, types and import contracts
	@.ci/lint

secrets: .venv/dev.stamp ## Keys and passwords in files that are not known to be none
	@.venv/bin/detect-secrets-hook --no-verify --baseline .secrets.baseline $$(git ls-files) || [ $$? = 3 ] # 3: known ones moved

audit: .venv/dev.stamp ## Known holes of what is installed, asked of the advisories of PyPI (network)
	@$(PYTHON) -m tests.advisories

sbom: .venv/dev.stamp ## What the program is made of, as CycloneDX, into var/sbom.json (network)
	@mkdir -p var && .venv/bin/pip-audit --disable-pip --require-hashes -r requirements.lock -f cyclonedx-json -o var/sbom.json; test -s var/sbom.json

system: ## Install what tests want of Debian: Chromium, LibreOffice, fonts (as root)
	@.ci/system

.venv/runtime.stamp: requirements.lock
	@.ci/venv requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock
	@.ci/venv requirements-dev.lock
	@touch $@ .venv/runtime.stamp

pictures: .venv/dev.stamp ## Take the pictures of README.md anew
	@$(PYTHON) -m pytest -q tests/e2e/test_pictures.py && mkdir -p docs/pictures && cp var/pictures/*.png docs/pictures/
