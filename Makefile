# feedwatch. The two commands that matter: `make demo` shows what it does, `make check` is all that CI runs.
SWIFT ?= swift
SHARED ?= ../shared
KILLS ?= 1000
SECONDS_PER_TARGET ?= 60

# What a bare Debian 12 with Swift lacks. Everything else comes with Swift or is built from Package.swift.
PACKAGES = libcurl4-openssl-dev libxml2-dev libpsl-dev libsqlite3-dev pkg-config ca-certificates tzdata

# Lint, build and tests share one build folder: one after the other, also under make -j.
.NOTPARALLEL:

.PHONY: demo check deps lint build test bench score torture fuzz docs screenshots clean

## demo: serve the example input of seeds/ on loopback and watch feedwatch do its work on it
demo: deps
	$(SWIFT) build --product feedwatch
	$(SWIFT) build --product rehearsal
	.build/debug/rehearsal demo

## check: format lint, build with warnings as errors, tests
check: deps lint build test

## deps: install missing Debian packages (as root; else asks on a terminal before sudo; else says which command to run)
deps:
	@missing=""; for p in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	install="apt-get install -y --no-install-recommends$$missing"; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$install; \
	elif [ -t 0 ] && command -v sudo >/dev/null; then \
	  printf 'These packages are missing:%s\nInstall them with sudo? [y/N] ' "$$missing"; read answer; \
	  case "$$answer" in [yY]*) sudo apt-get update -qq && sudo $$install;; \
	  *) echo "Nothing was installed. Run: sudo apt-get update && sudo $$install"; exit 1;; esac; \
	else echo "These packages are missing. Run: sudo apt-get update && sudo $$install"; exit 1; fi

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

build:
	$(SWIFT) build --build-tests

# One after the other: tests that compute for seconds would starve those that wait for a server's time limits.
test:
	$(SWIFT) test --skip-build --no-parallel

## torture: kill -9 at random stage boundaries, KILLS times, and compare every byte with an undisturbed run
torture: deps
	$(SWIFT) build --product rehearsal
	.build/debug/rehearsal torture --kills $(KILLS)

## bench: the cost of each stage beside its floor from the same run; nginx-light, openssl and libxml2-utils where installed
bench: deps
	$(SWIFT) build -c release --product feedwatch
	$(SWIFT) build -c release --product rehearsal
	CORPORA=$(SHARED)/corpora Tests/Bench/run $(if $(FEEDS),--feeds $(FEEDS))

## score: accuracy against the common yardstick, where it is at hand
score: deps
	$(SWIFT) build -c release --product feedwatch
	Tests/Scores/run $(SHARED)

## fuzz: the parsers under libFuzzer with AddressSanitizer
fuzz: deps
	Tests/Fuzz/run $(SECONDS_PER_TARGET)

## docs: rewrite what is generated from the table of configuration keys
docs:
	UPDATE_GOLDEN=1 $(SWIFT) test --filter ConfigurationTable

## screenshots: the sample issue as docs/digest-1280.png and docs/digest-390.png, where Chromium is installed
screenshots:
	Tests/Screenshots/run

clean:
	rm -rf .build .build-*
