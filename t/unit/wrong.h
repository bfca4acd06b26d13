// Copyright (C) 2026 The f0 authors
//
// wrong.h - how the checks in C++ tell what is wrong.

#ifndef F0_UNIT_WRONG_H_
#define F0_UNIT_WRONG_H_

#include <string>
#include <utility>

// Valid until the next complaint.
inline const char* wrong(std::string what) {
  static std::string last;
  last = std::move(what);
  return last.c_str();
}

// In a check, which returns nullptr if all is well.
#define EXPECT(good)                                                         \
  do {                                                                       \
    if (!(good)) return wrong(#good " in line " + std::to_string(__LINE__)); \
  } while (0)

#endif  // F0_UNIT_WRONG_H_
