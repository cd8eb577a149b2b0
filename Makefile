# The verbs of this project; `make` alone lists them. GNU make 3.81 or newer.

BINARY := .build/release/headroom
SWIFT_FILES := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

# On Linux the Swift runtime is linked in, so that the program runs where no toolchain is. On macOS it is part of the system.
ifeq ($(shell uname -s),Linux)
RELEASE := -c release --static-swift-stdlib
STRIP := strip
else
RELEASE := -c release
STRIP := strip -x
endif

# A target may import only what Package.swift says it depends on. The manifest makes warnings errors.
IMPORT_CHECK := --explicit-target-dependency-import-check error

# /usr/local where that can be written to, else ~/.local.
PREFIX ?= $(shell if [ -w /usr/local/bin ] || { [ ! -e /usr/local/bin ] && [ -w /usr/local ]; }; \
	then echo /usr/local; else echo "$$HOME/.local"; fi)
BIN = $(DESTDIR)$(PREFIX)/bin

# What is measured: recorded requests, or, where there are none, what every checkout has.
DATA := $(or $(HEADROOM_DATA),../shared/data)
FILES ?= $(or $(filter-out %.needles.json,$(wildcard $(DATA)/workloads/*.json)),$(wildcard Sources/Headroom/*/*.swift *.md))

# $(call or_fail,REASON) ends a command that must not fail.
or_fail = || { echo "make $@: $(1)" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help setup build demo test install uninstall format lint bench clean

help: ## List these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check the requirements, fetch token vocabularies and grammars (the other verbs do this)
	@scripts/setup.sh $(call or_fail,the set-up did not finish)

build: setup ## Build the program for use: .build/release/headroom
	@swift build $(RELEASE) --product headroom $(call or_fail,the build failed; the first 'error:' above says why)

demo: build ## Build, then compress a sample conversation and get a cut part back
	@$(BINARY) demo $(call or_fail,the demo failed)

test: ## Build everything with all checks on and run the tests (FILTER=name runs some)
	@scripts/setup-tests.sh $(call or_fail,the set-up did not finish)
	@swift build --build-tests $(IMPORT_CHECK) $(call or_fail,the build failed; the first 'error:' above says why)
	@swift test --skip-build --disable-xctest $(if $(FILTER),--filter '$(FILTER)') \
		$(call or_fail,tests failed; each failure above starts with ✘)

install: build ## Install the program in PREFIX/bin (/usr/local, or ~/.local when that is not writable)
	@{ mkdir -p "$(BIN)" && install -m 755 $(BINARY) "$(BIN)/headroom"; } 2>/dev/null \
		$(call or_fail,cannot write to $(BIN); choose a place with PREFIX=...)
	@$(STRIP) "$(BIN)/headroom" 2>/dev/null || true
	@echo "installed $(BIN)/headroom"
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "$(PREFIX)/bin is not on your PATH yet" ;; esac

uninstall: ## Remove the program from PREFIX/bin; stored originals stay
	@if [ -e "$(BIN)/headroom" ]; then rm -f "$(BIN)/headroom" && echo "removed $(BIN)/headroom"; \
		else echo "nothing to remove in $(BIN); if it is elsewhere say PREFIX=..."; fi

format: ## Format the Swift files
	@swift format format --in-place --parallel --recursive $(SWIFT_FILES)

lint: ## Check format, floor plan and links
	@swift format lint --strict --parallel --recursive $(SWIFT_FILES) $(call or_fail,the format is not clean; 'make format' mends most of it)
	@scripts/check-floor-plan.sh
	@scripts/check-links.sh

bench: ## Measure token counting beside tiktoken, and compression (FILES=... says on what)
	@scripts/setup-tests.sh $(call or_fail,the set-up did not finish)
	@swift build -c release --package-path Benchmarks $(call or_fail,the build failed; the first 'error:' above says why)
	@.deps/venv/bin/python Benchmarks/tokens.py $(FILES) $(call or_fail,the benchmark failed)
	@Benchmarks/.build/release/compress-benchmark $(FILES) $(call or_fail,the benchmark failed)

clean: ## Remove what was built; fetched files in .deps stay
	@rm -rf .build Benchmarks/.build
