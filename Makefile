# Two commands do everything on a fresh Debian 12: `make demo` and `make test`. The work is in scripts/; CMake's presets
# (CMakePresets.json) do the C++ part and can be used by themselves.
.DEFAULT_GOAL := help
.PHONY: help demo test setup build bench format lint tidy clean

# make demo
RAW ?=
PRODUCT ?=
SESSION ?=
SYMBOL ?=
DT ?=
PORT ?= 8001
LAKE ?= lake
ONCE ?=
LIVE ?=
# make test
STEPS ?=
# make bench
FILTER ?=

help: ## this list
	@awk -F ":.*## " '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: ## install, build, simulate 10 minutes of ES, SPY and their options (or take RAW=file.dbn.zst), run, serve on :8001; LIVE=1: a live market
	@RAW='$(RAW)' PRODUCT='$(PRODUCT)' SESSION='$(SESSION)' SYMBOL='$(SYMBOL)' DT='$(DT)' PORT='$(PORT)' LAKE='$(LAKE)' ONCE='$(ONCE)' LIVE='$(LIVE)' scripts/demo

test: ## install, build and run every test, browser included (STEPS="web e2e" for some)
	@scripts/test $(STEPS)

setup: ## install what building and testing need, nothing else
	@scripts/setup test

build: ## build/release/bin/spymaster and the page
	@scripts/build

bench: ## every benchmark at full size; FILTER=decode for those with that name
	@scripts/bench $(FILTER)

format: ## clang-format on every C++ file
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

lint: ## the house rules: format, lengths, names, includes
	@scripts/check_house_rules

tidy: ## clang-tidy on every file (slow)
	@cmake --preset tidy >/dev/null && cmake --build --preset tidy

clean: ## remove what was built; .venv, node_modules and the lake stay
	@rm -rf build web/dist test-artefacts
