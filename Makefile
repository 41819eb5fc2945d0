# Two commands are enough on a fresh machine: make demo, make test.
GO      ?= go
BIN     := bin/reconcile
FUZZ    ?= 10s
N       ?= $(if $(filter bench-peers,$(MAKECMDGOALS)),300000,30000)
SEED    ?= 1
MONTH   := bench/month-$(N)-$(SEED)
BENCH   ?= .
COUNT   ?= 1
PYTHON  ?= python3
CARGO   ?= cargo
CDRS    ?= 200000
SESSIONS ?= $(RECONCILE_DATA)/sessions/acn_california_ev_sessions.csv.gz
REVISION := $(shell git rev-parse --short=12 HEAD 2>/dev/null)
LDFLAGS := -X main.revision=$(REVISION)

.PHONY: help build demo real test race lint fuzz soak bench bench-peers engine golden check clean

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

build: ## the binary, in bin/
	@$(GO) build -trimpath -ldflags "$(LDFLAGS)" -o $(BIN) ./cmd/reconcile

demo: build ## the built-in case, end to end: result on screen, evidence pack in demo/
	@$(BIN) demo --out demo --force

real: build ## a disputed month made from measured sessions (SESSIONS=file.csv.gz): run and verify it in real/
	@sh testdata/real.sh $(BIN) "$(SESSIONS)" real

test: ## all tests; RECONCILE_DATA names a folder of data that others made, read where it is set
	@$(GO) test -timeout 30m ./...

race: ## the tests under the race detector
	@GORACE=atexit_sleep_ms=0 $(GO) test -race -short -timeout 30m ./...

lint: ## format, vet and the linters pinned in .ci/tools
	@test -z "$$(gofmt -l cmd ocpi reconcile tariff)" || { gofmt -l cmd ocpi reconcile tariff; exit 1; }
	@$(GO) vet ./...
	@$(GO) build -C .ci/tools -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@bin/golangci-lint run --allow-parallel-runners ./...

fuzz: ## each fuzz target for FUZZ (10s)
	@sh .ci/fuzz $(FUZZ)

soak: ## price CDRS (200000) random CDRs from SEED (1) by the engine and by the oracle; kill and resume 20 runs
	@$(GO) test ./tariff/oracle -run TestEngineAgreesWithOracle -count 1 -v -timeout 0 -args -cdrs $(CDRS) -seed $(SEED)
	@$(GO) test ./tariff/hypothesis -run TestDefectsAreNamed -count 1 -v -timeout 0 -args -lines 300
	@$(GO) test ./cmd/reconcile -run TestKilledAtAnyMoment -count 1 -v -timeout 0 -args -kills 20

bench: $(MONTH) ## Go benchmarks of every step and of the whole run over N CDRs (30000); BENCH picks, COUNT repeats
	@RECONCILE_MONTH="$(CURDIR)/$(MONTH)" $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) -timeout 0 ./ocpi/... ./tariff/... ./reconcile/...

bench-peers: $(MONTH) ## run on N CDRs (300000) beside DuckDB and Polars, price beside ocpi-tariffs; INSTALL=1 fetches them
	@$(PYTHON) testdata/peers/side_by_side.py --binary $(BIN) --month $(MONTH) --cache bench --go "$(GO)" --cargo "$(CARGO)" $(if $(INSTALL),--install)

$(MONTH): | build
	@rm -rf $@.part
	@$(BIN) generate --profile single --records $(N) --seed $(SEED) --out $@.part --quiet >/dev/null
	@mv $@.part $@

engine: ## the pricing engine that report.html carries, compiled for browsers
	@GOOS=js GOARCH=wasm $(GO) build -trimpath -buildvcs=false -ldflags '-s -w' -o bin/engine.wasm ./cmd/engine
	@gzip -9 -n -c bin/engine.wasm > reconcile/report/assets/engine.wasm.gz
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" reconcile/report/assets/wasm_exec.js

golden: ## write the golden files anew, to be read in the diff
	@$(GO) test ./cmd/reconcile -update

check: lint race fuzz ## everything the gate checks beside the tests
	@git diff --exit-code

clean: ## what make left behind
	@rm -rf bin demo real bench
