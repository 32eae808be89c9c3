# Every target works from a fresh clone: the environment is built first, and only if something changed.

# `make test PYTHON=3.12` overrides the choice of scripts/create_environment.sh.
environment := .venv/$(if $(PYTHON),.python-$(PYTHON),.complete)
python := .venv/bin/python

.PHONY: help
help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.PHONY: install
install: $(environment) ## Make the environment in .venv

$(environment): requirements.lock pyproject.toml setup.py scripts/create_environment.sh
	@scripts/create_environment.sh

.PHONY: demo
demo: $(environment) ## Draw synthetic videos and run the whole pipeline on them
	@.venv/bin/deepfake demo-data --out runs/demo/data
	@.venv/bin/deepfake run --config configs/demo.yaml

.PHONY: test
test: $(environment) ## Run all tests
	@$(python) -m pytest -n 3 --dist loadgroup --no-loadscope-reorder

.PHONY: test-fast
test-fast: $(environment) ## Run the quick tests only
	@$(python) -m pytest -n 2 --dist loadgroup -m "not e2e and not engine and not browser and not long"

.PHONY: test-long
test-long: $(environment) ## Run the tests that `make test` omits since they repeat: other versions of Kubeflow
	@$(python) -m pytest -n 3 --dist loadgroup -m long

.PHONY: test-newest
test-newest: $(environment) ## Run demo and tests of what is committed on a fresh Debian 13, by Python 3.13 and 3.12: 45 minutes
	@PYTHONPATH=tests/engines:tests $(python) tests/engines/newest/whole_suite.py

.PHONY: lint
lint: $(environment) ## Check style, types and who imports whom
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: format
format: $(environment) ## Lay the code out
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

.PHONY: lock
lock: ## Resolve the dependencies anew
	UV_CUSTOM_COMPILE_COMMAND="make lock" .tools/uv/bin/uv pip compile pyproject.toml --quiet --universal \
	  --generate-hashes --no-emit-index-url --python-version 3.10 --all-extras --group dev -o requirements.lock

.PHONY: bench
bench: $(environment) ## Measure speed and memory against the notebook and other engines: half an hour
	@$(python) -m benchmarks

.PHONY: bench-quick
bench-quick: $(environment) ## The same with few rounds and few videos: 6 minutes
	@$(python) -m benchmarks --quick

.PHONY: package
package: $(environment) ## Build the wheel and the source distribution into dist
	@$(python) -m build --no-isolation

IMAGE ?= deepfake-video-pipeline
.PHONY: image
image: ## Build the container image IMAGE=name:tag
	docker build --tag $(IMAGE) --label org.opencontainers.image.revision=$$(git describe --always --dirty --abbrev=40) .

.PHONY: clean
clean: ## Remove the environment and caches, keep the runs
	rm -rf .venv .tools build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
