# Two commands set everything up on a fresh machine: `make book` and `make test`.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
TORCH := torch==2.13.0
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
FROM_NPM := book/node_modules/.package-lock.json
# All that pages are made of.
OF_BOOK = $(shell find _config.yml _toc.yml *.md CITATION.cff chapters book course_utils \
  \( -name node_modules -o -name __pycache__ -o -name '.*' -o -path book/api/generated \) -prune -o -type f -print)

.DEFAULT_GOAL := help
.PHONY: help book pdf quick test run verify serve lighthouse lock clean

help: ## list these targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

book: _build/html/.built ## check the chapters and build the book into _build/html
	@echo "Open _build/html/index.html"

_build/html/.built: .venv/ready $(FROM_NPM) $(OF_BOOK)
	@mkdir -p _build && touch _build/.begun
	course check
	jupyter-book build . -W -n --keep-going --quiet
	@mv _build/.begun $@ # as old as its beginning: what was saved meanwhile may not be in it

pdf: book ## print the whole book into one PDF, beside its pages, with the Chromium on this machine
	python book/print_book.py

quick: .venv/ready ## what can fail within a minute: lint, types, stored outputs, unit tests that are not slow
	python -m tests lint types check fast

test: .venv/ready .venv/torch $(FROM_NPM) ## every check: lint, types, unit tests, chapters, wheel, book, links, browser
	python -m tests

run: .venv/ready ## run every chapter on the best data available and store its outputs
	course run

verify: .venv/ready ## run every chapter again and compare its recorded values
	course verify

serve: book ## build the book and serve it on this machine
	python -m http.server --directory _build/html --bind 127.0.0.1 8000

lighthouse: .venv/ready $(FROM_NPM) ## measure how fast the published pages are, with the Chromium on this machine
	npm ci --prefix book/lighthouse --ignore-scripts --no-audit --no-fund --silent
	COURSE_PUBLISHED=1 jupyter-book build . --path-output _build/published -W -n --keep-going --quiet
	node book/lighthouse/measure.mjs _build/published/_build/html

lock: .venv/ready ## resolve constraints.txt and requirements.txt again, to the newest releases
	$(COMPILE) --extra author --extra lab --extra jax --extra cluster --extra grading --extra onnx --upgrade -o constraints.txt
	$(COMPILE) --extra lab --constraint constraints.txt -o requirements.txt

clean: ## remove what was built; the environment stays
	rm -rf _build dist book/api/generated

# pip brings the lock's uv, and uv the rest, with hashes; the package is built by the lock's hatchling, not by the newest
# that build isolation would fetch. Bytecode is compiled at once, which saves seconds at every later import.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1); the course needs Python 3.11 to 3.13: make PYTHON=python3.12 …"; exit 1; }
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	test -x .venv/bin/uv || sed -n '/^uv==/,/[^\]$$/p' constraints.txt | \
	  python -m pip install --quiet --require-hashes --requirement /dev/stdin
	uv pip install --python .venv --compile-bytecode --quiet --requirement constraints.txt
	uv pip install --python .venv --compile-bytecode --quiet --no-deps --no-build-isolation --editable .
	uv pip check --python .venv --quiet
	touch $@

# torch is not in the lock: its plain build brings gigabytes for graphics cards, and the one without has a registry of its own,
# which uv knows by name. So its version is pinned, but neither its hash nor what it needs beyond the lock. Where the registry
# is out of reach, pip takes a wheel that lies at hand; without one, the tests of this backend are skipped, and say so.
.venv/torch: .venv/ready
	@{ uv pip install --python .venv --compile-bytecode --quiet --torch-backend cpu $(TORCH) 2>/dev/null || \
	  { python -m pip install --quiet --no-index --no-deps $(TORCH) 2>/dev/null && \
	    uv pip install --python .venv --compile-bytecode --quiet $(TORCH); }; } && touch $@ || \
	  echo "torch cannot be had here: what tests Keras on it will be skipped"

$(FROM_NPM): book/package-lock.json .venv/ready
	npm ci --prefix book --ignore-scripts --no-audit --no-fund --silent
	touch $@
