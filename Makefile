# Two commands on a fresh machine with Python 3.11+ and make: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIG ?= quickstart
VENV := .venv
SERVE_VENV := .venv-serve
TOOLS_VENV := .venv-tools
INFRA_VENV := .venv-infra
DOCS_VENV := .venv-docs
# The CDK's library is JavaScript behind Python.
NODE_IS_HERE := command -v node >/dev/null || { echo "Node is missing: 'make synth' and 'make infra' need 22 or newer." >&2; exit 1; }
PYTHON ?= python3
# Of .venv and .venv-serve: a version, or what it must satisfy.
PYTHON_VERSION ?= >=3.11

# uv makes the environments. Where it is missing it goes into a small one of its own.
UV := $(shell command -v uv || echo .venv-uv/bin/uv)
# Trust what the machine trusts, and use pip's index where one is set: both matter behind a proxy.
export UV_SYSTEM_CERTS ?= 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

.PHONY: help setup demo test test-slow lint pipeline serve bench extension workflows audit sbom synth infra loop-demo docs lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

.venv-uv/bin/uv:
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(VENV)/.installed: requirements/dev.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing --python '$(PYTHON_VERSION)' $(VENV)
	$(UV) pip sync --python $(VENV) --require-hashes --compile-bytecode requirements/dev.lock
	$(UV) pip install --quiet --python $(VENV) --no-deps --no-build-isolation --editable .
	@touch $@

$(SERVE_VENV)/.installed: requirements/serve.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python '$(PYTHON_VERSION)' $(SERVE_VENV)
	$(UV) pip sync --python $(SERVE_VENV) --require-hashes --compile-bytecode requirements/serve.lock
	@touch $@

$(TOOLS_VENV)/.installed: requirements/tools.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python '>=3.11' $(TOOLS_VENV)
	$(UV) pip sync --quiet --python $(TOOLS_VENV) --require-hashes requirements/tools.lock
	@touch $@

$(INFRA_VENV)/.installed: requirements/infra.lock | $(UV)
	@$(NODE_IS_HERE)
	$(UV) venv --quiet --allow-existing --python '>=3.11' $(INFRA_VENV)
	$(UV) pip sync --python $(INFRA_VENV) --require-hashes --compile-bytecode requirements/infra.lock
	@touch $@

$(DOCS_VENV)/.installed: requirements/docs.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python '>=3.11' $(DOCS_VENV)
	$(UV) pip sync --python $(DOCS_VENV) --require-hashes --compile-bytecode requirements/docs.lock
	@touch $@

setup: $(VENV)/.installed ## Make .venv with everything; the command is .venv/bin/sentiment

demo: $(SERVE_VENV)/.installed ## Service and panel beside a replayed video (PORT=3000)
	@exec $(SERVE_VENV)/bin/python -m sentiment.cli.main demo

serve: $(SERVE_VENV)/.installed ## The service alone (PORT, SENTIMENT_MODEL_DIR, YOUTUBE_API_KEY)
	@exec $(SERVE_VENV)/bin/python -m sentiment.cli.main serve

# A file's tests share servers and trained networks, so that a file stays in one process. With more processes than
# cores a few tests of time limits fail now and then: the service gives up what takes too long.
TEST_PROCESSES ?= 2

PYTEST = $(VENV)/bin/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder \
	--durations 20 --durations-min 5

test: setup ## Run the test suite but for what takes long (TEST_PROCESSES=2; 0: one by one)
	$(PYTEST) -m 'not slow'

test-slow: setup ## Run what takes long: environments built, processes killed at every write, fuzzing, benchmarks
	$(PYTEST) -m slow

lint: setup ## Style, types and import levels
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m pytest --quiet tests/test_import_levels.py

# Those of a pipeline describe a model; the file that dvc reads is changed for none but them.
PIPELINE_CONFIGS = $(patsubst configs/%.yaml,%,$(shell grep -l '^model:' configs/*.yaml))

pipeline: setup ## dvc repro of CONFIG (quickstart unless set)
	@printf '%s\n' $(PIPELINE_CONFIGS) | grep -qxF -- '$(CONFIG)' || { echo "No pipeline runs CONFIG=$(CONFIG): there are $(PIPELINE_CONFIGS)." >&2; exit 2; }
	sed -i.old 's/^config: .*/config: $(CONFIG)/' params.yaml && rm params.yaml.old
	$(VENV)/bin/dvc repro

bench: setup ## Comments per second: predictor and service against Hugging Face's pipeline
	$(VENV)/bin/sentiment bench

loop-demo: setup ## Drift, corrections, retraining, canary, rollback: played through (REHEARSAL=--small)
	$(VENV)/bin/sentiment rehearse $(REHEARSAL)

extension: ## Side panel: check, test, build, dist/*.zip and dist/*.crx (SENTIMENT_CRX_KEY_FILE)
	cd chrome_extension && npm ci --silent --no-audit --no-fund
	cd chrome_extension && npm run --silent typecheck && npm test --silent
	cd chrome_extension && npm run --silent build && npm run --silent check:demo
	cd chrome_extension && npm run --silent pack

workflows: $(TOOLS_VENV)/.installed ## Workflows, Dockerfiles and shell scripts: schemas and linters, no network
	$(TOOLS_VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(TOOLS_VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(TOOLS_VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(TOOLS_VENV)/bin/zizmor --offline --quiet --pedantic .github
	$(TOOLS_VENV)/bin/hadolint deploy/*/Dockerfile
	$(TOOLS_VENV)/bin/shellcheck --shell=bash .ci/run .github/scripts/*.sh infra/*.sh infra/*/*.sh

audit: $(TOOLS_VENV)/.installed $(SERVE_VENV)/.installed ## Known vulnerabilities and licences of what is shipped (asks PyPI and npm)
	.github/scripts/audit.sh

sbom: $(TOOLS_VENV)/.installed $(SERVE_VENV)/.installed ## dist/sbom-*.cdx.json: CycloneDX of the service and of the side panel
	.github/scripts/sbom.sh

synth: $(INFRA_VENV)/.installed ## CloudFormation of staging and production into cdk.out; no account is needed
	@$(NODE_IS_HERE)
	$(INFRA_VENV)/bin/python -m infra.app

infra: $(INFRA_VENV)/.installed ## Types, assertions, cdk-nag, cfn-lint and snapshot of infra/
	@$(NODE_IS_HERE)
	$(INFRA_VENV)/bin/mypy infra
	$(INFRA_VENV)/bin/python -m pytest --quiet infra/tests

docs: $(DOCS_VENV)/.installed ## The handbook into site/; a warning or a broken link fails
	$(DOCS_VENV)/bin/python -m handbook.pages build/handbook
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/bin/python -m mkdocs build --strict --clean
	$(DOCS_VENV)/bin/python -m handbook.links site

lock: | $(UV) ## Write requirements/*.lock (LOCK_OPTIONS=--upgrade for newer versions)
	$(UV) lock --quiet $(LOCK_OPTIONS)
	$(UV) export --quiet --no-header --no-default-groups --no-emit-project -o requirements/serve.lock > /dev/null
	$(UV) export --quiet --no-header --only-group aws -o requirements/aws.lock > /dev/null
	$(UV) export --quiet --no-header --only-group lambda -o requirements/lambda.lock > /dev/null
	$(UV) export --quiet --no-header --no-default-groups --group train --group operate --group aws --no-emit-project -o requirements/train.lock > /dev/null
	$(UV) export --quiet --no-header --all-groups --no-group infra --no-group docs --no-group lambda --no-emit-project -o requirements/dev.lock > /dev/null
	$(UV) export --quiet --no-header --only-group infra --no-emit-project -o requirements/infra.lock > /dev/null
	$(UV) export --quiet --no-header --only-group docs --no-emit-project -o requirements/docs.lock > /dev/null
	$(UV) pip compile --quiet $(LOCK_OPTIONS) --universal --python-version 3.11 --generate-hashes --no-header requirements/tools.in -o requirements/tools.lock

clean: ## Remove what was built here; data and MLflow runs stay
	rm -rf $(VENV) $(SERVE_VENV) $(INFRA_VENV) $(TOOLS_VENV) $(DOCS_VENV) .venv-uv
	rm -rf build site cdk.out outputs dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf chrome_extension/build chrome_extension/node_modules
