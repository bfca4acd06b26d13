// Copyright (C) 2026 The f0 authors
//
// replay.cc - runs a fuzz target over files, without libFuzzer: each whole
// file, and each of its beginnings for small ones.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  size_t runs = 0;
  for (int i = 1; i < argc; i++) {
    std::ifstream in(argv[i], std::ios::binary);
    std::vector<uint8_t> data((std::istreambuf_iterator<char>(in)), {});
    LLVMFuzzerTestOneInput(data.data(), data.size());
    runs++;
    for (size_t n = 0; data.size() <= 160 && n < data.size(); n++) {
      // A copy of its own, so that reading past the end is seen.
      std::vector<uint8_t> part(data.begin(), data.begin() + static_cast<ptrdiff_t>(n));
      LLVMFuzzerTestOneInput(part.data(), part.size());
      runs++;
    }
  }
  std::printf("%d files, %zu runs\n", argc - 1, runs);
  return argc > 1 ? 0 : 1;
}
