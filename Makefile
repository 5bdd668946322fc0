# feedwatch. The two commands that matter: `make demo` shows what it does, `make check` is all that CI runs.
SWIFT ?= swift
SHARED ?= ../shared
KILLS ?= 1000
LATE ?= 250
SECONDS_PER_TARGET ?= 60

# Where "make install" puts things.
PREFIX ?= /usr/local
UNITS ?= $(PREFIX)/lib/systemd/system
BASHCOMP ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMP ?= $(PREFIX)/share/zsh/site-functions
FISHCOMP ?= $(PREFIX)/share/fish/vendor_completions.d
DOC ?= $(PREFIX)/share/doc/feedwatch
D = $(DESTDIR)
VERSION = $(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)

# What a bare Debian 12 with Swift lacks. Everything else comes with Swift or is built from Package.swift.
PACKAGES = libcurl4-openssl-dev libxml2-dev libpsl-dev libsqlite3-dev zlib1g-dev pkg-config ca-certificates tzdata
# For "make deb" and "make check-service"; installed only where they are REQUIRED=1, as in CI.
SERVICE_PACKAGES = build-essential debhelper dpkg-dev lintian mmdebstrap procps systemd-container
# For tests that are skipped by name without them, unless REQUIRED=1.
TEST_PACKAGES = nginx-light openssl python3-aiosmtpd
ifdef REQUIRED
PACKAGES += $(SERVICE_PACKAGES) $(TEST_PACKAGES)
endif

# Lint, build and tests share one build folder: one after the other, also under make -j.
.NOTPARALLEL:

.PHONY: demo check deps lint build test late year bench hostile score score-articles score-topics score-copies torture fuzz docs screenshots release man install deb
.PHONY: check-service check-service-now
.PHONY: clean

## demo: serve the example input of seeds/ on loopback and watch feedwatch do its work on it
demo: deps
	$(SWIFT) build --product feedwatch
	$(SWIFT) build --product rehearsal
	.build/debug/rehearsal demo

## check: format lint, build with warnings as errors, tests, and the package on a booted systemd where that can be had
check: deps lint build test check-service

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

## late: the service's tests beside servers that answer LATE milliseconds late, to find at once what a slow machine fails at
# Without those that ask thousands of times or ask nobody.
late: deps build
	FEEDWATCH_LATE=$(LATE) $(SWIFT) test --skip-build --no-parallel --filter WatchTests \
	  --skip 'HostilePollTests|RehearsalTests|RetainingTests|Simulat|Configuration|ShuffledArrivals'

## torture: kill -9 at random instructions, KILLS times, cut the power, fail the disk; compare every byte with an undisturbed run
torture: deps
	$(SWIFT) build --product rehearsal
	.build/debug/rehearsal torture --kills $(KILLS) $(if $(SEED),--seed $(SEED))

## year: one digest for each local day of a simulated year in six zones, of which check plays some weeks
year: deps
	FEEDWATCH_YEAR=whole $(SWIFT) test --filter SimulatedYear

## bench: the cost of each stage beside its floor and its peers; nginx-light, openssl, libxml2-utils, newsboat, sfeed where installed
bench: deps
	$(SWIFT) build -c release --product feedwatch
	$(SWIFT) build -c release --product rehearsal
	CORPORA=$(SHARED)/corpora Tests/Bench/run $(if $(FEEDS),--feeds $(FEEDS))

## hostile: 1,000 good sources among 200 hostile ones and 10,000 names on a dead resolver, in real time: a quarter of an hour
hostile: deps
	$(SWIFT) build -c release --product rehearsal
	.build/release/rehearsal hostile

## score: accuracy against the common yardstick, where it is at hand
score: deps
	$(SWIFT) build -c release --product feedwatch
	Tests/Scores/run $(SHARED)

## score-articles: article reading beside trafilatura, where that is installed: paired, by publisher
score-articles: deps
	$(SWIFT) build -c release --product feedwatch
	Tests/Scores/articles.py $(SHARED) .build/release/feedwatch

## score-topics: topics with intervals, with thresholds and examples of four folds measured on the fifth
score-topics: deps
	$(SWIFT) build -c release --product feedwatch
	Tests/Scores/topics.py $(SHARED) .build/release/feedwatch

## score-copies: copies with intervals, with the scale of four folds measured on the fifth, and each real pair that is missed
score-copies: deps
	$(SWIFT) build -c release --product feedwatch
	Tests/Scores/copies.py $(SHARED) .build/release/feedwatch

## fuzz: the parsers under libFuzzer with AddressSanitizer
fuzz: deps
	Tests/Fuzz/run $(SECONDS_PER_TARGET)

## docs: rewrite what is generated from the table of configuration keys
docs:
	UPDATE_GOLDEN=1 $(SWIFT) test --filter ConfigurationTable

## screenshots: the sample issue as docs/digest-1280.png and docs/digest-390.png, where Chromium is installed
screenshots:
	Tests/Screenshots/run

## release: the program as it is installed, with the Swift runtime inside: it needs C libraries of the system only
# All with the same options: with others everything would be compiled again. C's __FILE__ names no folder of this machine.
RELEASE = -c release --static-swift-stdlib -Xlinker -z -Xlinker now -Xcc -ffile-prefix-map=$(CURDIR)=.
release:
	$(SWIFT) build $(RELEASE) --product feedwatch
	$(SWIFT) build $(RELEASE) --product generate-manual
	$(MAKE) man

# feedwatch(1) and feedwatch.yaml(5) as .build/man/*; a part of release, for "sudo make install" must leave nothing of root's.
man:
	mkdir -p .build/man
	docs/man/make .build/release .build/man

## install: what "make release" has built, below PREFIX; DESTDIR is put before every path
# The program looks for its own configuration in /usr/share/feedwatch and for the administrator's in /etc/feedwatch.
install:
	@test -e .build/man/feedwatch.1 || { echo "Nothing is built yet. Run: make release"; exit 1; }
	install -d $(D)/etc/feedwatch/sources.d $(D)/etc/feedwatch/entities.d $(D)/etc/feedwatch/topics.d
	test -e $(D)/etc/feedwatch/feedwatch.yaml || install -m 644 Config/feedwatch.yaml $(D)/etc/feedwatch
	for folder in sources.d entities.d topics.d schema; do \
	  install -d $(D)/usr/share/feedwatch/$$folder && \
	  install -m 644 Config/$$folder/* $(D)/usr/share/feedwatch/$$folder || exit 1; done
	for folder in Config/examples/*/yes Config/examples/*/no; do \
	  to=$(D)/usr/share/feedwatch/$${folder#Config/}; \
	  install -d $$to && install -m 644 $$folder/*.txt $$to || exit 1; done
	install -D -m 755 .build/release/feedwatch $(D)$(PREFIX)/bin/feedwatch
	install -D -m 755 systemd/hook $(D)$(PREFIX)/lib/feedwatch/hook
	install -D -m 755 systemd/backup $(D)$(PREFIX)/lib/feedwatch/backup
	install -d $(D)$(UNITS) $(D)$(BASHCOMP) $(D)$(ZSHCOMP) $(D)$(FISHCOMP) $(D)$(DOC)/examples
	for unit in feedwatch.service feedwatch-hook@.service feedwatch-hook@.path feedwatch-backup.service \
	  feedwatch-backup.timer; do \
	  sed 's,=/usr/\(bin\|lib\)/feedwatch,=$(PREFIX)/\1/feedwatch,; s,///usr/share/doc/feedwatch,//$(DOC),' systemd/$$unit >$(D)$(UNITS)/$$unit || exit 1; done
	install -D -m 644 systemd/feedwatch.sysusers $(D)$(PREFIX)/lib/sysusers.d/feedwatch.conf
	install -D -m 644 systemd/feedwatch.tmpfiles $(D)$(PREFIX)/lib/tmpfiles.d/feedwatch.conf
	.build/release/feedwatch --generate-completion-script bash | sed '1{/^#!/d}' >$(D)$(BASHCOMP)/feedwatch
	.build/release/feedwatch --generate-completion-script zsh >$(D)$(ZSHCOMP)/_feedwatch
	.build/release/feedwatch --generate-completion-script fish >$(D)$(FISHCOMP)/feedwatch.fish
	install -D -m 644 .build/man/feedwatch.1 $(D)$(PREFIX)/share/man/man1/feedwatch.1
	install -D -m 644 .build/man/feedwatch.yaml.5 $(D)$(PREFIX)/share/man/man5/feedwatch.yaml.5
	install -m 644 docs/configuration.md docs/formats.md docs/topics.md docs/your-own-topic.md docs/stories.md docs/digests.md docs/templates.md docs/service.md docs/monitoring.md docs/fetching.md docs/sources.md docs/sources-pages.md $(D)$(DOC)
	cp systemd/examples/* docs/examples/feedwatch.rules.yml $(D)$(DOC)/examples
	# debhelper would take a CHANGELOG.md for the package's own.
	install -m 644 CHANGELOG.md $(D)$(DOC)/whats-new.md
	for file in .build/checkouts/*/LICENSE* .build/checkouts/*/NOTICE*; do \
	  echo "==== $${file#.build/checkouts/}" && cat $$file || exit 1; done >$(D)$(DOC)/third-party-notices.txt
	runtime=$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/../share/swift/LICENSE.txt; \
	  { echo "==== Swift runtime" && cat "$$runtime"; } >>$(D)$(DOC)/third-party-notices.txt
	cat docs/third-party.txt >>$(D)$(DOC)/third-party-notices.txt

## deb: the Debian package, as .build/deb/feedwatch_VERSION_ARCHITECTURE.deb
deb: release
	grep -q '"$(VERSION)"' Sources/Watch/Version.swift # debian/changelog names the program's version
	dpkg-checkbuilddeps
	mkdir -p .build/deb && rm -f .build/deb/feedwatch_*
	DEB_RULES_REQUIRES_ROOT=no debian/rules clean binary

## check-service: the package on a booted systemd of its own: Tests/Service/run. Skipped by name without root and
## SERVICE_PACKAGES, unless REQUIRED=1
check-service: deps
	@missing=$$(Tests/Service/missing $(SERVICE_PACKAGES)); if [ -z "$$missing" ]; then $(MAKE) check-service-now; \
	else echo "check-service: skipped, there is no $$missing"; test -z "$(REQUIRED)"; fi

check-service-now: deb
	lintian --fail-on error,warning --info .build/deb/feedwatch_$(VERSION)_*.deb
	$(SWIFT) build --product rehearsal
	Tests/Service/run .build/deb/feedwatch_$(VERSION)_*.deb

clean:
	rm -rf .build .build-* debian/feedwatch debian/.debhelper debian/files debian/*.debhelper* debian/*.substvars \
	  debian/debhelper-build-stamp
