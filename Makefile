# Everything a developer or an operator starts. `make help` lists it.

VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests analysis questionnaires
WORKERS ?= auto

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard survey/translations/*/LC_MESSAGES/messages.po))
TRANSLATION_KEYWORDS := -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2
LOCK_TOOLS := build/lock-tools
LOCK := $(LOCK_TOOLS)/bin/uv pip compile setup.cfg --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-strip-extras $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test test-tools check format coverage bench bench-engine bench-collect soak coverage-study check-r translations lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.project $(CATALOGUES)

run: install ## serve the app with its demonstration at http://127.0.0.1:8000 (PORT, DATABASE_URL)
	@exec $(BIN)/hailong serve --demonstration

test: test-tools ## run all tests, PostgreSQL and Chromium included (TESTS=tests/unit, WORKERS=1)
	@exec $(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

check: $(VENV)/.test-tools $(CATALOGUES) ## run the linter, the type checker and the architecture tests
	@exec $(BIN)/python -m pytest tests/architecture

format: $(VENV)/.test-tools ## put the code into the one layout
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

coverage: test-tools ## run all tests and show the lines that none of them reaches
	@exec $(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term $(TESTS)

bench: $(VENV)/.test-tools $(CATALOGUES) ## print sizes and times of the main pages and reports
	@$(BIN)/python -m tests.load
	@exec $(BIN)/python -m tests.load.engine

bench-engine: $(VENV)/.test-tools ## compare the statistics engine with its floors; writes docs/studies/engine-bench.md
	@exec $(BIN)/python -m tests.load.engine

bench-collect: test-tools ## compare what is collected a second with pgbench in the same run; writes docs/studies/collection.*
	@$(BIN)/python -m tests.load.collect
	@exec $(BIN)/python -m tests.load.kiosk_drain

soak: test-tools ## kill, fill up and fuzz it for long; writes docs/reliability.md (PROOFS="kill-postgresql …")
	@exec $(BIN)/python -m tests.soak $(PROOFS)

coverage-study: $(VENV)/.test-tools ## draw samples until the coverage of every interval is known; can be resumed
	@exec $(BIN)/python -m tests.studies.coverage --resume

check-r: $(VENV)/.test-tools ## compare the engine with R survey on random designs (DESIGNS=1000)
	@sh tests/studies/r_comparison/install_r.sh
	@exec $(BIN)/python -m tests.studies.r_comparison $(if $(DESIGNS),--designs $(DESIGNS))

translations: $(VENV)/.project ## collect the interface texts, update and compile the Vietnamese catalogue
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg $(TRANSLATION_KEYWORDS) --no-location --sort-output \
		--project hailong -o build/messages.pot .
	$(BIN)/pybabel -q update -i build/messages.pot -d survey/translations -l vi \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110
	@$(MAKE) --no-print-directory install

lock: ## write both lock files anew from setup.cfg (UPGRADE=1 takes newer versions)
	@$(FIND_PYTHON); "$$found" -m venv $(LOCK_TOOLS)
	@$(LOCK_TOOLS)/bin/python -m pip install -qq --disable-pip-version-check uv
	@$(LOCK) --extra build --output-file requirements.lock
	@$(LOCK) --extra build --extra test --constraints requirements.lock --output-file requirements-test.lock
	@! grep -nE '://|file:|--(extra-)?index-url|--find-links' requirements.lock requirements-test.lock

clean: ## remove what was built; the data in var/ stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find survey/translations -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

test-tools: $(VENV)/.test-tools $(CATALOGUES)
	@PYTHON=$(BIN)/python sh tests/provision/install_programs.sh

# Each stamp is written when its step has ended well; a later run repeats only what is out of date.

define FIND_PYTHON
found=; too_bare=; \
for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
	too_bare=$${too_bare:-$$python}; \
done; \
if [ -z "$$found" ] && [ -n "$$too_bare" ]; then \
	echo "$$too_bare cannot make virtual environments; on Debian or Ubuntu: apt-get install python3-venv" >&2; \
	exit 1; \
elif [ -z "$$found" ]; then \
	echo "Python 3.11 or newer is needed and was not found; name it with: make PYTHON=/path/to/python3" >&2; \
	exit 1; \
fi
endef

$(VENV)/.created:
	@$(FIND_PYTHON); echo "Making the virtual environment with $$found"; "$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.dependencies: requirements.lock | $(VENV)/.created
	@echo "Installing the dependencies (this takes a minute)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.project: setup.cfg pyproject.toml $(VENV)/.dependencies
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-tools: requirements-test.lock $(VENV)/.project
	@echo "Installing the test tools"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

%/messages.mo: %/messages.po $(VENV)/.project
	@$(BIN)/pybabel -q compile -i $< -o $@
