# `make run` opens Usher, `make test` proves it. Everything else is a part of those two.
#
# The tests find their tools by these variables; `make` sets them, and each can be set by hand:
#   USHER_SCIM2         PyPI scim2-cli: somebody else's tester for our practice server
#   USHER_SCIM2_SERVER  PyPI scim2-server: somebody else's server for our client
#   USHER_SCIM_SANITY   PyPI scim-sanity: another such tester
#   USHER_SCIMMY_4      package.json with scimmy and express 4 beside it: another such server
#   USHER_SCIMMY_5      the same with express 5
#   USHER_DJANGO_SCIM2  Python that knows django-scim2: another such server
#   USHER_ICALENDAR     Python that knows icalendar, with khal beside it: somebody else's calendar for our reminders
#   USHER_TAURI_DRIVER  tauri-driver, which drives the real window
#   USHER_BINARY        the window's program itself

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

TOOLS := target/tools
TAURI_DRIVER := 2.1.0
CARGO_ABOUT := 0.9.3

export USHER_SCIM2 ?= $(CURDIR)/$(TOOLS)/scim2-cli/bin/scim2
export USHER_SCIM2_SERVER ?= $(CURDIR)/$(TOOLS)/scim2-server/bin/scim2-server
export USHER_SCIM_SANITY ?= $(CURDIR)/$(TOOLS)/scim-sanity/bin/scim-sanity
export USHER_SCIMMY_4 ?= $(CURDIR)/$(TOOLS)/scimmy/express-4/package.json
export USHER_SCIMMY_5 ?= $(CURDIR)/$(TOOLS)/scimmy/express-5/package.json
export USHER_DJANGO_SCIM2 ?= $(CURDIR)/$(TOOLS)/django/bin/python
export USHER_ICALENDAR ?= $(CURDIR)/$(TOOLS)/icalendar/bin/python
export USHER_TAURI_DRIVER ?= $(CURDIR)/$(TOOLS)/bin/tauri-driver
export USHER_BINARY ?= $(CURDIR)/target/debug/usher

# One set of features for everything that is tested, so that nothing is compiled twice.
CARGO_ALL := --locked --workspace --features usher-tests/window

# What the page is made of.
PAGE := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print)

# A screen to open a window on: always on macOS and Windows.
SCREEN := $(if $(filter Linux,$(shell uname -s)),$(DISPLAY)$(WAYLAND_DISPLAY),yes)

.PHONY: help
help: ## Lists this
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: run
run: ## Opens Usher (without a screen: rehearses a setup in the terminal)
ifeq ($(strip $(SCREEN)),)
	@echo "There is no screen here to open a window on, so this is a rehearsal in the terminal. Building it takes a minute or two the first time."
	@.ci/packages terminal
	@.ci/toolchain rust
	@cargo run --locked -p usher-cli -- rehearse hpe-greenlake entra
else
	@.ci/packages run
	@.ci/toolchain rust node
	@$(MAKE) page
	@echo "Building the window. The first time takes some minutes, later seconds."
# A debug build: ready in half the time on a fresh checkout, and quick enough to use.
	@cargo run --locked -p usher
endif

.PHONY: test
test: ## Checks and tests everything, without a screen
	@.ci/packages test
	@.ci/toolchain rust node python
	@$(MAKE) fmt ui tools
	@$(MAKE) clippy rust-tests
	@.ci/count target/test-rust.log target/test-ui.log

.PHONY: fmt
fmt: ## Checks the format of the Rust code
	cargo fmt --all --check

.PHONY: clippy
clippy: page ## Lints the Rust code
	cargo clippy $(CARGO_ALL) --all-targets -- -D warnings

.PHONY: ui
ui: page ## Builds, checks, lints and tests the page
	npm --prefix ui run check
	npm --prefix ui run lint
	@mkdir -p target
	npm --prefix ui test 2>&1 | tee target/test-ui.log

.PHONY: layout
layout: node-modules ## Looks at every screen small, zoomed, longer, spaced, dark and in forced colours, in Chromium
	@.ci/packages layout
	npm --prefix ui run layout

.PHONY: rust-tests
rust-tests: binaries
	cargo test $(CARGO_ALL) --no-fail-fast 2>&1 | tee target/test-rust.log

# What is written for Windows alone is compiled and linted; nothing of it runs here.
.PHONY: windows-check
windows-check: page ## Compiles and lints everything for Windows, on Linux
	@command -v x86_64-w64-mingw32-gcc >/dev/null || { \
		echo "A C compiler for Windows is needed: apt-get install gcc-mingw-w64-x86-64-posix"; exit 1; }
	rustup target add x86_64-pc-windows-gnu
	cargo clippy --locked --target x86_64-pc-windows-gnu -p usher-core -p usher-sandbox -p usher-cli -p usher --all-targets -- -D warnings

.PHONY: e2e
e2e: page tools binaries ## Tests in the real window, on a screen of their own
	cargo test $(CARGO_ALL) --test window

.PHONY: screenshots
screenshots: export UPDATE_SCREENSHOTS = 1
screenshots: e2e ## Takes the pictures in tests/screenshots anew

.PHONY: package
package: ## Makes the .deb and .rpm in target/package
	@.ci/packages package
	@.ci/toolchain rust node
	@$(MAKE) page $(TOOLS)/bin/cargo-about
	cargo build --locked --release -p usher -p usher-cli --bins
# As the tests build it, so that it is built once.
	cargo build $(CARGO_ALL) --example documents
	.ci/package

.PHONY: package-test
package-test: package ## Installs, tries and removes the package on a Debian of its own (as root)
	@.ci/packages test
	@$(MAKE) $(TOOLS)/bin/tauri-driver
	cargo build $(CARGO_ALL) --test window
	.ci/package-test 2>&1 | tee target/package-test.log

.PHONY: bench
bench: ## Measures what has to be fast and small, as ratios
	@.ci/packages test
	@.ci/toolchain rust node
	@$(MAKE) page
	npm --prefix ui run build:bare
# The programs as they are packaged; the bare window by itself, because a feature would build them anew.
	cargo build --locked --release -p usher -p usher-cli --bins
	cargo build --locked --release -p usher -p usher-cli --example bare --features usher/bare
	cargo bench --locked -p usher-core -p usher-tests --features usher-tests/bench --no-run
	.ci/bench

# Longer than in `make test`: a minute for each of them.
.PHONY: fuzz
fuzz: export USHER_FUZZ_SECONDS ?= 60
fuzz: ## Tries wrong input of every kind on whatever reads something from outside
	cargo test --locked -p usher-core fuzz

.PHONY: types
types: ## Makes ui/src/backend/types.ts from the Rust types
	UPDATE_TYPES=1 cargo test --locked -p usher-core types

.PHONY: icons
icons: ## Draws every size of the icon from icons/icon.svg
	npx --yes @tauri-apps/cli@2 icon icons/icon.svg -o icons
	rm -rf icons/android icons/ios icons/Square*.png icons/StoreLogo.png

.PHONY: clean
clean: ## Removes everything that was built or downloaded
	cargo clean
	rm -rf ui/dist ui/node_modules src-tauri/gen

# Tests and programs in one go: they share their features, so the second step has nothing left to compile.
.PHONY: binaries
binaries: page
	cargo build $(CARGO_ALL) --all-targets

.PHONY: page
page: node-modules ui/dist/index.html

ui/dist/index.html: $(PAGE)
	npm --prefix ui run build
	@touch $@

# By content: a checkout changes the time of a file and not what is in it.
.PHONY: node-modules
node-modules:
	@cmp -s ui/package-lock.json ui/node_modules/.usher-lock || { \
		npm --prefix ui ci --no-audit --no-fund && cp ui/package-lock.json ui/node_modules/.usher-lock; }

.PHONY: tools
tools: scim2-cli scim2-server scim-sanity icalendar django scimmy-express-4 scimmy-express-5 $(TOOLS)/bin/tauri-driver

# They need different versions of the same libraries, hence one environment each; by content, as with the page's.
.PHONY: scim2-cli scim2-server scim-sanity icalendar django
scim2-cli scim2-server scim-sanity icalendar: REQUIREMENTS = tests/tools/$@.txt
django: REQUIREMENTS = tests/servers/django/requirements.txt
scim2-cli scim2-server scim-sanity icalendar django:
	@cmp -s $(REQUIREMENTS) $(TOOLS)/$@/requirements.txt || { \
		rm -rf $(TOOLS)/$@ && python3 -m venv $(TOOLS)/$@ && \
		$(TOOLS)/$@/bin/pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS) && \
		cp $(REQUIREMENTS) $(TOOLS)/$@/requirements.txt; }

$(TOOLS)/bin/tauri-driver:
	cargo install tauri-driver --version $(TAURI_DRIVER) --locked --root $(TOOLS)

# Optimised: it compares the texts of hundreds of licences, which takes twenty minutes otherwise.
$(TOOLS)/bin/cargo-about:
	cargo install cargo-about --version $(CARGO_ABOUT) --features cli --locked --root $(TOOLS)

# The libraries of the servers in tests/servers.
.PHONY: scimmy-express-4 scimmy-express-5
scimmy-express-4 scimmy-express-5: scimmy-%:
	@cmp -s tests/servers/scimmy/$*/package-lock.json $(TOOLS)/scimmy/$*/node_modules/.usher-lock || { \
		mkdir -p $(TOOLS)/scimmy/$* && cp tests/servers/scimmy/$*/package*.json $(TOOLS)/scimmy/$* && \
		npm --prefix $(TOOLS)/scimmy/$* ci --no-audit --no-fund && \
		cp tests/servers/scimmy/$*/package-lock.json $(TOOLS)/scimmy/$*/node_modules/.usher-lock; }
