# Needs make and Python 3.11 or newer; everything else is installed into .venv from the locks.
# Another Python: make up PYTHON=python3.12

# The first of these that runs (version managers leave commands behind that don't).
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import venv, ensurepip' 2>/dev/null && echo $$p && exit; done; \
	python3 -c '' 2>/dev/null && echo python3)
UV ?= uv
RUN := .venv/bin/python -m
LOCK := --upgrade --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

# Many processes start the same modules: without kept bytecode the tests take a fifth longer.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up demo test check format reset lock pictures skills bench clean install install-dev

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /:/' | \
		while IFS=: read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

up: install ## Start everything and print the start page's address; Ctrl-C stops it
	@$(RUN) local.up

demo: install ## Play one request from the form to the outcome, starting everything if need be
	@$(RUN) local.demo

# More workers than the two cores that the suite is measured on: most tests wait for a server.
test: install-dev ## Run all tests
	@$(RUN) pytest -n 6 --dist worksteal -rs

check: install-dev ## Lint and check types
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy .

format: install-dev ## Put the code into shape
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

reset: install ## Throw the local state away (requests, messages, rows)
	@$(RUN) local.reset

pictures: install-dev ## Take the pictures in docs/pictures again
	@$(RUN) local.pictures

skills: install ## Find near-duplicate skills in the local records; ARGS=--apply (docs/skills.md)
	@$(RUN) local.skills $(ARGS)

bench: install ## Measure matching over 10,000 mentors against its bound
	@$(RUN) bench.matching

lock: ## Choose versions anew and write the locks (needs uv)
	$(UV) pip compile pyproject.toml -o requirements.lock $(LOCK)
	$(UV) pip compile pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock $(LOCK)

clean: ## Remove .venv and the caches; the local state stays (make reset)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install: need-python
	@"$(PYTHON)" local/bootstrap.py

install-dev: need-python
	@"$(PYTHON)" local/bootstrap.py --dev

.PHONY: need-python
need-python:
	@test -n "$(PYTHON)" || { echo "Muster needs Python 3.11 or newer, and found no python3 here." \
		"Install it from your package manager or python.org and try again." >&2; exit 1; }
