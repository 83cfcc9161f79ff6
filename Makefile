# What a person or a machine does here; `make help` lists it. Recipes are short: what
# needs a loop or a question is a script in .ci/.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

GO       ?= go
NPM      ?= npm
BIN      := build/bin
VERSION  := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  := -s -w -X main.version=$(VERSION)
BUILD    := $(GO) build -buildvcs=false -ldflags '$(LDFLAGS)'

# No C but where the race detector wants it: one static binary, and one set of compiled
# packages for build, vet, lint and quick tests.
export CGO_ENABLED := 0

LINT_VERSION := v2.15.0
LINT         := $(BIN)/golangci-lint-$(LINT_VERSION)

WEB_SOURCES  := $(shell find web/src web/public web/index.html web/*.ts web/tsconfig*.json -type f 2>/dev/null)
FUZZTIME     ?= 20s
BENCHCOUNT   ?= 1
CHURN        ?= 10m
DURATION     ?= 1h
SEED         ?= 1
SCENE        ?= run

.PHONY: help run build web check vet lint test race bench fuzz churn soak contract chaos e2e portable generate trace clean setup

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: build ## build what is missing and start a complete node with a demo club
	@exec build/salon serve --demo

build: web ## the web app and the binary build/salon
	@$(BUILD) -o build/salon ./cmd/salon

web: build/web.stamp ## the browser app, embedded by the next build

build/web-modules.stamp: web/package.json web/package-lock.json
	@echo "web: installing packages"
	@cd web && $(NPM) ci --no-audit --no-fund --loglevel=error
	@mkdir -p build && touch $@

build/web.stamp: build/web-modules.stamp $(WEB_SOURCES)
	@echo "web: building"
	@cd web && $(NPM) run --silent build
	@touch $@

$(LINT):
	@echo "lint: building golangci-lint $(LINT_VERSION), once"
	@mkdir -p $(BIN)
	@GOBIN=$(abspath $(BIN)) GOFLAGS= $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(BIN)/golangci-lint $@

vet: ## gofmt and go vet
	@.ci/format
	@$(GO) vet ./...

lint: $(LINT) ## golangci-lint, pinned
	@$(LINT) run ./...

check: vet lint ## the quick subset: format, vet, lint, house rules, unit tests
	@$(GO) test -short ./...

setup: ## install what the tests need beside Go and Node, or say how to
	@.ci/setup

test: ## everything: setup, web tests, vet, lint, other platforms, race tests, the contract, chaos, browser tests
	@.ci/test

# SQLite, translated from C, is ten times slower under the race detector, and nobody looks for races in it here.
# Three packages at a time on two cores, and first those whose tests take longest and mostly wait: for leases to end, for
# processes to start. Beside them the others compile and compute.
race: ## unit tests with the race detector, in random order
	@CGO_ENABLED=1 $(GO) test -race -gcflags='modernc.org/sqlite/lib=-race=false' -shuffle=on -p $$(($$(getconf _NPROCESSORS_ONLN) + 1)) \
		./cmd/salon ./signaling/cluster ./sfu ./...

portable: ## does it still build for 32 bits and for other systems
	@GOARCH=386 $(GO) build ./...
	@GOOS=darwin $(GO) vet ./sfu/udp/...

bench: build ## what a packet costs: benchmarks (BENCHCOUNT=10, BASE=main), then the table (BENCH=--quick)
	@.ci/bench "$(BENCHCOUNT)" "$(BASE)"
	@$(BUILD) -o build/bench ./cmd/bench
	@build/bench run --commit "$(VERSION)" $(BENCH)

fuzz: ## every fuzz target for FUZZTIME (20s)
	@.ci/fuzz $(FUZZTIME)

churn: ## clients come and go for CHURN (10m), some without a word; nothing may stay behind
	@CGO_ENABLED=1 SALON_CHURN=$(CHURN) $(GO) test -race -count=1 -timeout=24h -run=TestChurn ./sfu

soak: build ## a room under load for DURATION (1h): flat memory, no packet that does not authenticate
	@DURATION=$(DURATION) node web/e2e/soak.mjs

# Three minutes, unless DURATION is given.
chaos: build ## a cluster whose nodes, Redis and links fail for DURATION (3m; SEED=1 repeats); build/chaos.json (SCENE=spread, outage or drain)
	@$(BUILD) -o $(BIN)/chaos ./cmd/chaos
	@$(BIN)/chaos $(SCENE) --seed $(SEED) $(if $(filter run,$(SCENE)),--duration $(if $(filter file,$(origin DURATION)),3m,$(DURATION))) $(CHAOS)

contract: build ## every operation of the API by openapi.yaml alone (SEED=… repeats, CASES=…, ONLY=operation)
	@$(BUILD) -o build/contract ./cmd/contract
	@build/contract

# Where people wait for a page's next look at the server, or where one page loads, another scene about pages has room
# beside it. The others take two cores by themselves, and where media flows a scene is alone.
PAIRED := $(addprefix e2e/,$(addsuffix .scene.mjs,docs notes shelf))

e2e: build setup ## browser tests against build/salon
	@cd web && failed=0; \
	node --test --test-concurrency=2 $(PAIRED) || failed=$$?; \
	node --test --test-concurrency=1 $(filter-out $(PAIRED),$(patsubst web/%,%,$(wildcard web/e2e/*.scene.mjs))) || failed=$$?; \
	exit $$failed

generate: ## repeat what is generated: wire messages, API types, queries, web client
	@$(GO) generate ./...
	@cd web && $(NPM) run --silent generate

trace: ## record what a browser sends, for the load generator: Chromium, ffmpeg, five quiet minutes
	@$(GO) run ./loadtest/trace/record

clean: ## remove what was built (not ./data)
	@rm -rf build web/node_modules
	@find web/dist -mindepth 1 ! -name .keep -delete
