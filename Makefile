# Needs only make and Python 3.11 or newer. DATABASE_URL and CELERY_BROKER_URL name other servers
# than the embedded ones.

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 1

BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: help install start demo serve test mutants check docs bench lock stop clean

help:
	@echo "make demo    set everything up and run a bulk review of a sample docket"
	@echo "make serve   the same stack with the admin and the API at http://localhost:$(PORT)"
	@echo "make test    the tests"
	@echo "make mutants change the rules one by one, and see that a test notices; some five minutes"
	@echo "make check   format, lint, types, imports, migrations and generated documents"
	@echo "make docs    write the generated documents again"
	@echo "make bench   the benchmarks"
	@echo "make lock    resolve requirements.txt again from pyproject.toml"
	@echo "make stop    stop the embedded servers"
	@echo "make clean   stop them, and remove their data and the environment"

install: $(INSTALLED)

$(INSTALLED): requirements.txt
	@echo "Installing into .venv ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	    -r requirements.txt
	@touch $@

# Every manage.py command starts the embedded servers that it needs.
start: install
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py release_policies --verbosity 0

demo: start
	@$(BIN)/python manage.py demo

serve: start
	@$(BIN)/python manage.py demo_users
	@$(BIN)/python -m casemgmt.stack --port $(PORT)

# In as many processes as there are processors, up to four.
test: install
	@$(BIN)/pytest -n auto --maxprocesses 4

# The tool stands beside the environment, which has what it needs besides.
mutants: install
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --target .local/mutmut --no-deps \
	    --group mutants
	@rm -rf mutants
	@PYTHONPATH=.local/mutmut $(BIN)/python -m mutmut run --max-children $(JOBS)
	@PYTHONPATH=.local/mutmut $(BIN)/python -m mutmut results

check: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@mkdir -p .local
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file .local/openapi.yaml
	@diff -u docs/openapi.yaml .local/openapi.yaml || { echo "Run make docs."; exit 1; }
	@$(BIN)/python manage.py criteria --file .local/criteria.md
	@diff -u docs/criteria.md .local/criteria.md || { echo "Run make docs."; exit 1; }
	@$(BIN)/python manage.py states --file .local/states.md
	@diff -u docs/states.md .local/states.md || { echo "Run make docs."; exit 1; }

docs: install
	@mkdir -p docs
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml
	@$(BIN)/python manage.py criteria --file docs/criteria.md
	@$(BIN)/python manage.py states --file docs/states.md

bench: start
	@$(BIN)/python -m benchmarks

lock: install
	@$(BIN)/uv pip compile pyproject.toml --group test --group lint --group lock --quiet \
	    --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links --output-file requirements.txt

stop:
	@$(PYTHON) -m casemgmt.embedded stop

clean: stop
	@rm -rf .venv .local mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
