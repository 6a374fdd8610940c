# The only commands a person needs. Everything runs under the Node pinned in package-lock.json.
SHELL := /bin/bash
.DEFAULT_GOAL := help
NODE := node_modules/node-linux-$(if $(filter aarch64,$(shell uname -m)),arm64,x64)/bin/node
INSTALLED := node_modules/.installed
SUITE ?=
BENCH ?= memory
# The full star catalogue; the appliance takes it from there when its environment names it too.
CATALOGUE := $(or $(NIGHTJAR_CATALOGUE),.cache/catalogue)

.PHONY: help run dist test check hil hil-full bench catalogue packages format image image-test image-lint image-reproducible release clean

help:
	@echo 'make run    the appliance with an emulated rig under a real sky; prints its address'
	@echo 'make test   every test that needs no special hardware'
	@echo 'make check  lint, types, layers      make hil    drivers against emulators and real INDI drivers'
	@echo 'make bench  measurements beside the peers      make dist   the bundle in dist/'
	@echo 'make image  the SD-card image (as root)        make image-test   boots it under QEMU and proves it'
	@echo 'make hil BENCH=vm   the appliance and its drivers on a real kernel, in a virtual machine (as root)'

$(INSTALLED): package-lock.json package.json scripts/install.sh
	@bash scripts/install.sh

dist: $(INSTALLED)
	@$(NODE) scripts/bundle.ts

run: dist
	@dist/nightjar serve --demo

check: $(INSTALLED)
	@$(NODE) node_modules/@biomejs/biome/bin/biome ci --error-on-warnings .
	@$(NODE) node_modules/typescript/bin/tsc -p .
	@$(NODE) --test --test-reporter=dot src/layers.test.ts

format: $(INSTALLED)
	@$(NODE) node_modules/@biomejs/biome/bin/biome check --write .

# Debian packages that some tests want; where they cannot be had, those tests skip and say so.
packages:
	@bash scripts/packages.sh

test: $(INSTALLED) packages dist
	@$(NODE) scripts/test.ts

hil: $(INSTALLED) packages dist
	@$(NODE) dist/nightjar.mjs hil --bench $(BENCH) $(if $(SUITE),--suite $(SUITE))

hil-full: $(INSTALLED) dist
	@bash scripts/packages.sh full
	@$(NODE) dist/nightjar.mjs hil --bench $(BENCH) --full $(if $(SUITE),--suite $(SUITE))

bench: $(INSTALLED) $(CATALOGUE)/quads.bin dist
	@bash scripts/packages.sh bench
	@$(NODE) bench/run.ts

catalogue $(CATALOGUE)/quads.bin: $(INSTALLED)
	@$(NODE) scripts/catalogue.ts --full $(CATALOGUE)
	@$(NODE) scripts/quads.ts $(CATALOGUE)

# Raspberry Pi OS by pi-gen where its checkout is named (PIGEN=…), else Debian; see image/README.md.
PIGEN ?=
image: $(INSTALLED) dist
	@bash image/$(if $(PIGEN),build-pi-gen.sh $(PIGEN),build.sh)

# BOARD=raspi3b: on the emulated Raspberry Pi 3 instead of QEMU's own board.
BOARD ?= virt
image-test: $(INSTALLED) dist
	@$(NODE) image/test/main.ts --board $(BOARD)

# Two roots, each from nothing, must have the same contents.
image-reproducible: $(INSTALLED) dist
	@bash image/reproducible.sh $(or $(ARCH),arm64)

image-lint: $(INSTALLED)
	@bash image/lint.sh

# Checksums and their signature beside the image; NIGHTJAR_RELEASE_KEY is the key.
release: $(INSTALLED)
	@$(NODE) scripts/release.ts dist-image

clean:
	rm -rf dist dist-image data .cache
