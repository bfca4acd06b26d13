# Copyright (C) 2026 The f0 authors
#
# The front door: make help.

BUILD ?= build
CXX ?= g++
CC ?= gcc

# Make's own defaults are c++ and cc; the core is written for g++ and gcc.
ifeq ($(origin CXX),default)
CXX = g++
endif
ifeq ($(origin CC),default)
CC = gcc
endif

NGINX_SRC ?= /usr/share/nginx/src
B := $(abspath $(BUILD))

# The work of this file is done by parallel jobs unless -j says otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all help run test clients-slow unit replay check format bench fuzz \
        asan install clean \
        core core-test core-fuzz core-asan module module-test asan-nginx

all: module

help:
	@echo 'make run      build, start nginx with f0 on 127.0.0.1:3030 (F0_PORT)'
	@echo 'make test     every test there is; installs what it needs'
	@echo 'make clients-slow  Claude Code and Codex at a provider silent for minutes'
	@echo 'make unit     only the unit tests of the core'
	@echo 'make replay   recorded turns again, at random (REPLAYS=10000)'
	@echo 'make check    style: lines, C++ pass of the glue, format'
	@echo 'make format   clang-format of the core, in place'
	@echo 'make asan     the tests on a static nginx with ASan and UBSan'
	@echo 'make fuzz     fuzz each parser (FUZZ_SECONDS=60)'
	@echo 'make bench    f0 beside plain proxy_pass: the ratios'
	@echo 'make module   $$(BUILD)/ngx_http_f0_module.so only'
	@echo 'make install  the module and its includes, for the packaged nginx'
	@echo 'make clean    remove $$(BUILD)'
	@echo
	@echo 'BUILD=DIR (build) is where everything is made.'


# ---- the core: one archive for each flavour

CORE_SRCS := $(sort $(shell find src/core -name '*.cc' 2>/dev/null))

CXXFLAGS_CORE := -std=c++20 -fPIC -fvisibility=hidden -Wall -Wextra -Werror \
                 -Isrc -MMD -MP
# What a distribution builds its servers with: the core reads untrusted bytes.
HARDEN := -fstack-protector-strong -fstack-clash-protection \
          $(if $(filter x86_64 i%86,$(shell uname -m)),-fcf-protection) \
          -D_FORTIFY_SOURCE=2
# What lies outside is bound when the module is loaded: no stub on the way there.
DIRECT := -fno-plt
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
            -fno-omit-frame-pointer

# $(call remember,FILE,WORDS): the file holds the words and is only touched when
# they change.
remember = $(shell mkdir -p $(dir $(1)) && { echo '$(2)' | cmp -s - $(1) \
               || echo '$(2)' > $(1); } 2>/dev/null)

# $(call core_flavour,FOLDER,ARCHIVE,FLAGS)
define core_flavour
$(1)_OBJS := $$(CORE_SRCS:src/core/%.cc=$(B)/$(1)/obj/%.o)
$(1)_FLAGS := $$(CXXFLAGS_CORE) $(3)

$(B)/$(1)/obj/%.o: src/core/%.cc $(B)/$(1)/flags
	@mkdir -p $$(@D)
	$$(CXX) $$($(1)_FLAGS) -c -o $$@ $$<

$(B)/$(1)/$(2): $$($(1)_OBJS) $(B)/$(1)/sources
	@rm -f $$@
	ar rcs $$@ $$($(1)_OBJS)

# Other flags or another list of sources: build again.
$$(call remember,$(B)/$(1)/flags,$$(CXX) $$($(1)_FLAGS))
$$(call remember,$(B)/$(1)/sources,$$(CORE_SRCS))

-include $$($(1)_OBJS:.o=.d)
endef

$(eval $(call core_flavour,core,libf0core.a,-O2 -g $(HARDEN) $(DIRECT)))
$(eval $(call core_flavour,core-test,libf0core_test.a,-O2 -g -DF0_TESTING))
$(eval $(call core_flavour,core-asan,libf0core_asan.a,-O1 -g -DF0_TESTING \
    $(SANITIZE)))

# For libFuzzer: make CXX=clang++ core-fuzz
$(eval $(call core_flavour,core-fuzz,libf0core_fuzz.a,-O1 -g -DF0_TESTING \
    -fsanitize=fuzzer-no-link $(SANITIZE)))

# Whose basic blocks count themselves, for t/unit/test_linear.c.
$(eval $(call core_flavour,core-steps,libf0core_steps.a,-O1 -DF0_TESTING \
    -fsanitize-coverage=trace-pc -Wno-restrict))

core: $(B)/core/libf0core.a
core-fuzz: $(B)/core-fuzz/libf0core_fuzz.a
core-test: $(B)/core-test/libf0core_test.a


# ---- the module, dynamic, for the packaged nginx and its nginx-dev headers
#
# The "config" script finds the archive that it links with in F0_CORE_LIB.

GLUE_SRCS := $(wildcard ngx_http_f0_module.c src/*.c)
GLUE_DEPS := $(GLUE_SRCS) $(wildcard src/*.h) $(wildcard config config.make)

# $(call module_flavour,FOLDER,CORE ARCHIVE,MODULE)
define module_flavour
$(B)/$(1)/objs/Makefile: config $(wildcard config.make) \
    $(B)/$(1)/glue-sources
	NGINX_SRC=$(NGINX_SRC) F0_CORE_LIB=$(2) \
	    tools/configure-module $(B)/$(1) $(CURDIR)

$$(call remember,$(B)/$(1)/glue-sources,$$(GLUE_SRCS))

$(3): $(B)/$(1)/objs/Makefile $(2) $$(GLUE_DEPS)
	@rm -f $(B)/$(1)/objs/ngx_http_f0_module.so
	F0_CORE_LIB=$(2) $$(MAKE) -C $(B)/$(1) -f objs/Makefile modules
	@mkdir -p $$(@D)
	# A new file in its place: an nginx may have the old one loaded.
	cp $(B)/$(1)/objs/ngx_http_f0_module.so $$@.new && mv -f $$@.new $$@
endef

$(eval $(call module_flavour,nginx,$(B)/core/libf0core.a,\
    $(B)/ngx_http_f0_module.so))
$(eval $(call module_flavour,nginx-test,$(B)/core-test/libf0core_test.a,\
    $(B)/test/ngx_http_f0_module.so))

# ---- the static build with sanitizers, for the tests

$(B)/asan/nginx: $(B)/core-asan/libf0core_asan.a $(GLUE_DEPS) tools/build-asan
	BUILD=$(B) F0_CORE_LIB=$(B)/core-asan/libf0core_asan.a tools/build-asan

asan-nginx: $(B)/asan/nginx
core-asan: $(B)/core-asan/libf0core_asan.a

module: $(B)/ngx_http_f0_module.so
module-test: $(B)/test/ngx_http_f0_module.so


# ---- unit tests: each t/unit/test_*.c is a program; the other sources there
# are what they share

UNIT_TESTS := $(patsubst t/unit/%.c,$(B)/unit/%,\
                         $(sort $(wildcard t/unit/test_*.c)))
UNIT_SHARED := $(patsubst t/unit/%,$(B)/unit/obj/%.o,\
                 $(filter-out t/unit/test_%.c,\
                   $(sort $(wildcard t/unit/*.c t/unit/*.cc))))
UNIT_FLAGS := -O1 -g -Wall -Wextra -Werror -Isrc -It/unit -MMD -MP \
              -DF0_TESTING
UNIT_LIBS := -lyajl -lgit2 -lutf8proc -lcrypto -lstdc++ -lm -lcmocka

$(B)/unit/obj/%.c.o: t/unit/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/obj/%.cc.o: t/unit/%.cc
	@mkdir -p $(@D)
	$(CXX) -std=c++20 $(UNIT_FLAGS) -c -o $@ $<

.SECONDARY: $(UNIT_TESTS:$(B)/unit/%=$(B)/unit/obj/%.c.o)
$(B)/unit/test_%: $(B)/unit/obj/test_%.c.o $(UNIT_SHARED) \
    $(B)/core-test/libf0core_test.a
	$(CC) -o $@ $< $(UNIT_SHARED) $(B)/core-test/libf0core_test.a $(UNIT_LIBS)

$(B)/unit/test_linear: $(B)/unit/obj/test_linear.c.o $(UNIT_SHARED) \
    $(B)/core-steps/libf0core_steps.a
	$(CC) -o $@ $< $(UNIT_SHARED) $(B)/core-steps/libf0core_steps.a $(UNIT_LIBS)

-include $(wildcard $(B)/unit/obj/*.d)

unit: $(UNIT_TESTS)
	@tools/run-unit $(UNIT_TESTS)


# REPLAYS=10000 random replays of the recordings in t/replay, or of
# RECORDINGS="FILE..."; "make replay ACCEPT=--accept" takes what comes out now
# for what they are expected to give.
replay: $(B)/unit/test_replay
	REPLAYS=$(REPLAYS) $(B)/unit/test_replay $(ACCEPT) $(RECORDINGS)


# ---- for people and for CI

run:
	@BUILD=$(B) exec tools/run

test:
	@BUILD=$(B) exec tools/test

clients-slow:
	@BUILD=$(B) exec tools/test --only clients-slow

format:
	clang-format -i $(CORE_SRCS) $(shell find src/core -name '*.h')

check:
	@BUILD=$(B) exec tools/check

bench:
	@BUILD=$(B) exec bench/run

fuzz:
	@BUILD=$(B) exec tools/fuzz

asan:
	@BUILD=$(B) exec tools/test --only asan

PREFIX_MODULES ?= /usr/lib/nginx/modules
PREFIX_CONF ?= /etc/nginx

install: module
	install -d $(DESTDIR)$(PREFIX_MODULES) $(DESTDIR)$(PREFIX_CONF)
	install -m 644 $(B)/ngx_http_f0_module.so $(DESTDIR)$(PREFIX_MODULES)/
	install -m 644 conf/*.conf $(DESTDIR)$(PREFIX_CONF)/

clean:
	rm -rf $(B)
