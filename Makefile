# Every target is one command a human can run as well; .ci/run calls the same.
# Bare make lists them.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO        ?= go
ARGS      ?=
FUZZTIME  ?= 20s
# More flags for go test, such as -v or -count=1.
TESTFLAGS ?=

GOLANGCI_VERSION := 2.15.0
GOBIN    = $(or $(shell $(GO) env GOBIN),$(shell $(GO) env GOPATH)/bin)
GOLANGCI = $(GOBIN)/golangci-lint

JS = GOOS=js GOARCH=wasm $(GO)
# What builds for js: all but packages that have nothing there, or only doc.go
# in a command. What is tested there must have more than doc.go, and tests.
JS_BUILD = $(JS) list -e -f '{{if and .GoFiles (not (and (eq .Name "main") (eq (join .GoFiles " ") "doc.go")))}}{{.ImportPath}}{{end}}' ./...
# Of what is tested the package that takes longest is first, so that others run
# beside it.
JS_TEST  = echo ./transport_js; $(JS) list -e -f '{{if and (ne (join .GoFiles " ") "doc.go") (or .TestGoFiles .XTestGoFiles)}}{{.ImportPath}}{{end}}' ./...
# Node gives the program a few kilobytes for arguments and environment.
JS_EXEC  = env -i PATH='$(PATH)' HOME='$(HOME)' CI='$(CI)' '$(shell $(GO) env GOROOT)/lib/wasm/go_js_wasm_exec'

# Node is no page; test-browser runs these.
IN_PAGE  = ^Test(Browser|InTab|Slow)

# Nothing of this may be in the js build of these packages: half a megabyte each.
JS_LEAN  = ./transport ./transport_js ./internal/jsx ./client ./client/admin ./client/janustest ./plugins/...
JS_HEAVY = net|net/http|net/url|crypto/tls|github.com/pion/.*|github.com/coder/websocket.*

# What a page loads. Inlining makes it a ninth larger, the newer of Go's two
# garbage collectors a hundredth.
WASM       = bin/bifrons.wasm
WASM_BUILD = GOEXPERIMENT=nogreenteagc $(JS) build -trimpath -ldflags='-s -w' -gcflags=all=-l
# In it, the packages below wasm/_std are what is used of the library's.
WASM_STD   = bin/overlay.json
# The same with a gateway in it, for tests of applications.
WASM_TESTING = bin/bifrons-testing.wasm
# A page has the browser's cryptography, no log, and what internal/wasmstd says of
# encoding/json, fmt and os, which is to say no internal/poll or internal/fmtsort.
WASM_HEAVY = $(JS_HEAVY)|crypto/.*|log|log/slog|regexp|text/template|sort|internal/poll|internal/fmtsort

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install Janus and ffmpeg from Debian's packages, if they are missing
	@.ci/deps janus:janus ffmpeg:ffmpeg ffprobe:ffmpeg

.PHONY: test-deps
test-deps: deps browser-deps web-deps # the race detector needs a C compiler, the js tests Node, those of completion their shells
	@.ci/deps gcc:gcc+libc6-dev node:nodejs fish:fish zsh:zsh ip:iproute2

.PHONY: build
build: ## build everything, native and for the browser
	$(GO) build ./...
	@echo "GOOS=js go build, what has something there"
	@$(JS) build $$($(JS_BUILD))

.PHONY: test
test: test-deps test-native test-js test-browser test-web ## run all tests on both targets

.PHONY: test-native
test-native: ## run the native tests, with the race detector
	$(GO) test -race -shuffle=on $(TESTFLAGS) ./internal/faults ./...

.PHONY: test-js
test-js: ## run the tests that build for GOOS=js, in Node
	@echo "GOOS=js go test, in Node"
	@$(JS) test -exec="$(JS_EXEC)" -shuffle=on -skip '$(IN_PAGE)' $(TESTFLAGS) $$($(JS_TEST))

.PHONY: browser-deps
browser-deps: deps
	@.ci/deps /usr/lib/chromium/chromium:chromium

.PHONY: test-browser
test-browser: browser-deps ## run the js tests in headless Chromium, against a real Janus
	@echo "GOOS=js go test, in Chromium"
	@BIFRONS_REQUIRE_BROWSER=1 $(GO) run ./internal/browsertest -shuffle=on $(TESTFLAGS) $$($(JS_TEST))

.PHONY: test-janus
test-janus: test-deps ## run only the tests against a real Janus
	@BIFRONS_REQUIRE_JANUS=1 $(GO) test -race -shuffle=on -run '^TestJanus' $(TESTFLAGS) \
		$$(grep -rl --include='*_test.go' '^func TestJanus' . | xargs -r -n1 dirname | sort -u)

.PHONY: soak soak-faults soak-again soak-page soak-module
soak: soak-faults soak-again soak-page soak-module ## run the tests in their long form, which takes two hours; make -k soak goes on after a failure

soak-faults: test-deps # what goes wrong, with the numbers of the specification
	@.ci/deps nft:nftables
	@BIFRONS_SOAK=1 BIFRONS_REQUIRE_JANUS=1 $(GO) test -count=1 -v -timeout 3h $(TESTFLAGS) ./internal/faults

# Where a test that passes now and then shows itself.
soak-again: test-deps # what needs no Janus, 20 times in ever another order
	@$(GO) test -race -shuffle=on -count=20 -timeout 3h -skip '^TestJanus' $(TESTFLAGS) \
		./client/... ./media/... ./plugins/... ./transport/... $(addprefix ./internal/,attach evq faultproxy faults jsonscan longpoll mend netns udpfault)

soak-page: web browser-deps # the page: a thousand cycles, what becomes of janus.js meanwhile, and a hidden tab's keepalives
	@$(JANUS_JS)
	@cd web && BIFRONS_SOAK=1 GO='$(GO)' node --test --test-concurrency=1 test/leaks.test.mjs test/differential.test.mjs test/hidden.test.mjs

soak-module: # what is committed, as go run has it that downloads it into an empty module
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	module=$$($(GO) list -m)@v0.0.0-20060102150405-$$(git rev-parse --short=12 HEAD); version=$${module##*@}; \
	proxy=$$folder/proxy/$${module%@*}/@v; mkdir -p "$$proxy" "$$folder/empty"; \
	git archive --format=zip --prefix="$$module/" -o "$$proxy/$$version.zip" HEAD; \
	git show HEAD:go.mod >"$$proxy/$$version.mod"; \
	echo "{\"Version\":\"$$version\"}" >"$$proxy/$$version.info"; echo "$$version" >"$$proxy/list"; \
	downloaded=$$($(GO) env GOMODCACHE)/cache/download; cd "$$folder/empty"; $(GO) mod init example.com/empty; \
	GOPROXY="file://$$folder/proxy,file://$$downloaded" GOSUMDB=off GOFLAGS=-modcacherw GOMODCACHE="$$folder/cache" \
		$(GO) run "$${module%@*}/cmd/bifrons@$$version" --version

.PHONY: coverage
coverage: ## print which requests and events have a method, a test and TypeScript
	@$(GO) test -count=1 -v -run '^TestCoverage$$' ./internal/coverage

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (20s)
	@$(GO) test -list '^Fuzz' ./... \
		| awk '/^Fuzz/ { names[n++] = $$1 } $$1 == "ok" { for (i = 0; i < n; i++) print $$2, names[i]; n = 0 }' \
		| while read -r package name; do \
			echo "== $$package $$name"; \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$package" </dev/null; \
		done

.PHONY: vuln
vuln: ## look for known vulnerabilities of what is depended on, in a database on the network
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.7.0 ./...

.PHONY: lint
lint: lint-tool lint-graph ## vet and lint both targets, and check imports and go.mod
	$(GO) vet ./...
	$(JS) vet -tags bifrons_testing ./...
	GOOS=linux $(GOLANGCI) run
	GOOS=js GOARCH=wasm $(GOLANGCI) run --build-tags bifrons_testing
	@$(MAKE) --no-print-directory tidy
	@$(MAKE) --no-print-directory generate-check

.PHONY: lint-tool
lint-tool:
	@$(GOLANGCI) version 2>/dev/null | grep -q 'version $(GOLANGCI_VERSION) ' || { \
		echo "installing golangci-lint $(GOLANGCI_VERSION)"; \
		$(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI_VERSION); }

.PHONY: lint-graph
lint-graph: wasm-std # the js build of the signalling packages stays small
	@heavy=$$($(JS) list -deps $(foreach p,$(JS_LEAN),$(if $(wildcard $(p:/...=/*)/*.go $(p)/*.go),$(p))) \
		| grep -xE '$(JS_HEAVY)' || true); \
	[ -z "$$heavy" ] || { echo "the js build of $(JS_LEAN) imports:"; echo "$$heavy"; exit 1; } >&2
	@heavy=$$($(JS) list -overlay=$(WASM_STD) -deps ./wasm | grep -xE '$(WASM_HEAVY)' || true); \
	[ -z "$$heavy" ] || { echo "what a page loads imports:"; echo "$$heavy"; exit 1; } >&2

.PHONY: wasm-std
wasm-std: # says what a page has in place of the library's packages
	@mkdir -p $(dir $(WASM_STD))
	@$(GO) run ./internal/wasmstd wasm/_std >$(WASM_STD)

.PHONY: wasm
wasm: wasm-std ## build the program that pages load, bin/bifrons.wasm
	@$(WASM_BUILD) -overlay=$(WASM_STD) -o $(WASM:.wasm=.unpacked.wasm) ./wasm
	@$(GO) run ./internal/wasmpack $(WASM:.wasm=.unpacked.wasm) $(WASM)

.PHONY: wasm-testing
wasm-testing: # the program with a gateway for tests in it
	@$(WASM_BUILD) -tags bifrons_testing -o $(WASM_TESTING:.wasm=.unpacked.wasm) ./wasm
	@$(GO) run ./internal/wasmpack $(WASM_TESTING:.wasm=.unpacked.wasm) $(WASM_TESTING)

.PHONY: size
size: lint-graph wasm ## measure what a page loads, and compare; ARGS=-update records it
	@.ci/deps node:nodejs
	@node web/scripts/size.mjs $(WASM) $(ARGS)

.PHONY: tidy
tidy: ## check that go.mod and go.sum are what go mod tidy writes
	$(GO) mod tidy -diff

TSGEN = $(GO) run ./cmd/bifrons-tsgen

.PHONY: generate
generate: ## write the TypeScript types of the Go packages
	@$(TSGEN) $(CHECK) -out web/src/gen ./client ./client/janustest ./media ./media/adapt ./plugins/...
	@$(TSGEN) $(CHECK) -out examples/shared/web/roster.ts ./examples/shared/roster

.PHONY: generate-check
generate-check: # what make generate writes is what is there
	@$(MAKE) --no-print-directory generate CHECK=-check

.PHONY: bench
bench: ## measure the client beside its floor
	$(GO) run ./internal/bench $(ARGS)

# One round needs no page, and a page needs Node.
DEMO_PAGE = $(if $(filter --once%,$(ARGS)),,web/demo/dist)

.PHONY: demo
demo: $(if $(filter --janus%,$(ARGS)),deps) ## an echo test in a page and natively, with no Janus; ARGS=--janus for a real one, ARGS=--once for one native round
	@$(GO) build -o bin/bifrons ./cmd/bifrons
	@$(if $(DEMO_PAGE),! command -v node >/dev/null || $(MAKE) --no-print-directory demo-page)
	@exec bin/bifrons demo $(addprefix --page ,$(DEMO_PAGE)) $(ARGS)

.PHONY: demo-page
demo-page: web ## build the demo page into web/demo/dist
	@cd web && node scripts/demo.mjs

.PHONY: clip
clip: deps ## make the clips again: test picture and beeps, 4 s
	ffmpeg -hide_banner -loglevel error -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=4 \
		-c:v libvpx -b:v 200k -minrate 100k -maxrate 220k -bufsize 200k -deadline good -cpu-used 0 \
		-g 25 -keyint_min 25 -auto-alt-ref 0 -lag-in-frames 0 -error-resilient 1 -threads 1 \
		-bitexact -f ivf internal/clip/clip.ivf
	ffmpeg -hide_banner -loglevel error -y -f lavfi -i sine=frequency=220:beep_factor=4:sample_rate=48000:duration=4 \
		-ac 2 -c:a libopus -b:a 32k -frame_duration 20 -page_duration 20000 \
		-bitexact -f ogg internal/clip/clip.ogg
	ffmpeg -hide_banner -loglevel error -y -i internal/clip/clip.ivf -i internal/clip/clip.ogg \
		-c copy -bitexact -f webm examples/echotest/web/clip.webm

.PHONY: web-deps
web-deps: # what web/package-lock.json names; again only when that has changed
	@.ci/deps node:nodejs npm:npm
	@cmp -s web/package-lock.json web/node_modules/.bifrons-lock 2>/dev/null || { \
		cd web && npm ci --no-fund --no-audit && cp package-lock.json node_modules/.bifrons-lock; }

.PHONY: web
web: web-deps wasm wasm-testing ## build the npm package into web/dist
	@cd web && GO='$(GO)' node scripts/build.mjs ../$(WASM) ../$(WASM_TESTING)

# janus.js, which some tests compare with.
JANUS_JS = .ci/deps /usr/share/javascript/janus-gateway/janus.min.js:libjs-janus-gateway \
	/usr/share/javascript/webrtc-adapter/adapter.min.js:libjs-webrtc-adapter

.PHONY: test-web
test-web: web browser-deps ## test the npm package in Chromium: the API, its types, and each way to load it
	@.ci/deps firefox-esr:firefox-esr
	@$(JANUS_JS)
	@cd web && npm run --silent check && GO='$(GO)' npm test --silent
