# `make run` and `make test` are the two commands of the README; the others are their parts.
PYTHON ?= python3
BIN := .venv/bin
SHIPPED := ticketctl gateway templates docs setup.cfg setup.py pyproject.toml constraints.txt README.md LICENSE CHANGELOG.md

.PHONY: run test tests check coverage corpus setup build deb docs screens sql constraints clean

run: .venv/.run
	@$(BIN)/python -m ticketctl demo

# mypy has one core while the tests share the other.
test: setup
	@$(MAKE) --no-print-directory -j2 check tests

tests: export PYTHONDONTWRITEBYTECODE =
tests: .venv/.compiled
	$(BIN)/pytest -q -n auto --dist worksteal

# Tests are compiled once and kept; else each worker would compile all of them. What cannot be compiled fails above.
.venv/.compiled: .venv/.test $(shell find tests -name '*.py')
	-@$(BIN)/pytest --collect-only -qq > /dev/null
	@touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

# Lines and branches that the tests run; processes that a test starts are not counted.
coverage: setup
	$(BIN)/pytest -q -n auto --dist worksteal --cov=ticketctl --cov=gateway --cov-branch --cov-report=term:skip-covered

corpus: setup
	@$(BIN)/python tests/corpus/rates.py

setup: .venv/.test

.venv/.run: setup.cfg constraints.txt
	@echo "Installing into .venv; this takes about a minute."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[ui]'
	@# pip compiles what it installs, but not a checkout: uncompiled, a command takes a sixth longer
	@$(BIN)/python -m compileall -q ticketctl gateway
	@touch $@

.venv/.test: .venv/.run
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

build: setup
	$(BIN)/python -m build --wheel

# A Debian package, from a copy of the source, as debian/ belongs at its top. Needs debhelper, dh-virtualenv and
# python3-venv; pip fetches the libraries.
deb:
	rm -rf build/deb
	mkdir -p build/deb/source
	cp -r $(SHIPPED) packaging/debian build/deb/source
	printf 'ticketctl (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' \
		"$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' ticketctl/__init__.py)" \
		"$$(sed -n 's/^Maintainer: //p' packaging/debian/control)" "$$(date -R)" > build/deb/source/debian/changelog
	cd build/deb/source && dpkg-buildpackage --build=binary --no-sign
	mkdir -p dist
	mv build/deb/*.deb dist

# Exact versions of the newest releases that setup.cfg allows, from an environment of its own.
constraints:
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/pip install -q --disable-pip-version-check -e '.[test]'
	build/constraints/bin/pip freeze --all --exclude-editable --exclude pip | LC_ALL=C sort -fu > constraints.txt
	rm -rf build/constraints

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The SQL of every statement of the store, for both kinds of database; a test compares.
sql: setup
	$(BIN)/python -m ticketctl.store.db.prepare

docs: setup
	$(BIN)/python -m ticketctl.cli.reference.write docs

# The screens of the README, from the running program.
screens: setup
	$(BIN)/python docs/screens/make.py
	REWRITE_SCREENS=1 $(BIN)/pytest -q -p no:cacheprovider tests/ui/test_pictures.py tests/ui/test_keys.py
