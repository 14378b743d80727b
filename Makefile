# Two commands from nothing: `make demo` publishes the sample client's report, `make test` runs every check.
PYTHON ?= python3
BIN = .venv/bin
UV = $(BIN)/uv pip install --quiet --compile-bytecode

.PHONY: help demo setup test check lint types floors pytest notebooks lab lock sample dictionary gallery clean

help:
	@echo "demo       publish the report of the bundled sample client and print where it is"
	@echo "test       every check: lint, types, floors, tests, notebooks"
	@echo "check      the fast ones: lint, types, floors"
	@echo "lab        open the notebooks in JupyterLab"
	@echo "lock       resolve the dependencies anew"
	@echo "sample     write the sample client's exports anew from the simulated company"
	@echo "dictionary write data/README.md and docs/client.yaml anew"
	@echo "gallery    draw docs/gallery.md and docs/report.png anew from the sample client"

.venv/uv: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mcrlib needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	@touch $@

# Where Python may write no bytecode, as in many containers, every process would compile the package anew.
.venv/run: .venv/uv requirements.lock
	$(UV) --require-hashes -r requirements.lock
	$(UV) --no-deps -e .
	$(BIN)/python -m compileall -q mcrlib
	@touch $@

# The constraints pin and hash; JupyterLab stays out because it triples the start-up of every notebook.
.venv/dev: .venv/run requirements-dev.lock
	$(UV) -c requirements-dev.lock -e '.[dev]'
	@touch $@

setup: .venv/dev

demo: .venv/run
	$(BIN)/mcr demo

test: check pytest notebooks

check: lint types floors

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/dev
	$(BIN)/mypy

floors: .venv/dev
	$(BIN)/lint-imports

# Files in their own order: the promises, which run whole reports, come first and leave no long one for the end.
pytest: .venv/dev
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder tests

# nbval walks the notebooks on a finished run of the sample, a notebook per worker.
notebooks: .venv/dev
	$(BIN)/mcr run sample
	$(BIN)/pytest --nbval-lax -n 2 --dist loadfile -p no:cacheprovider notebooks

lab: .venv/uv
	$(PYTHON) -m venv .venv-lab
	.venv/bin/uv pip install --quiet --python .venv-lab -c requirements-dev.lock -e '.[lab]'
	.venv-lab/bin/jupyter lab notebooks

lock: .venv/uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--extra lab --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		-c requirements-dev.lock pyproject.toml -o requirements.lock

sample: .venv/run
	$(BIN)/python -m mcrlib.simulate --accounts 150 --seed 1 --to data/sample/raw

dictionary: .venv/run
	$(BIN)/python -c 'from mcrlib import schema; print(schema.as_markdown(), end="")' > data/README.md
	$(BIN)/python -c 'from mcrlib import settings; print(settings.example(), end="")' > docs/client.yaml

gallery: .venv/run
	$(BIN)/mcr run sample
	$(BIN)/python docs/gallery.py

clean:
	rm -rf .venv .venv-lab reports
