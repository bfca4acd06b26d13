// Copyright (C) 2026 The f0 authors
//
// picture.h - data URLs, and what a picture is: translate.md 1.2.

#ifndef F0_CORE_PROVIDER_PICTURE_H_
#define F0_CORE_PROVIDER_PICTURE_H_

#include <optional>
#include <string>
#include <string_view>

#include "../base/budget.h"

namespace f0::dialect {

// How a data URL begins.
struct data_url {
  std::string mime;  // its label, in lower case; may be empty
  string_view data;  // base64, may hold white space
};

// data:MIME[;parameter...];base64,DATA - nothing for every other URL.
std::optional<data_url> read_data_url(string_view url);

// What precedes the first colon, in lower case; empty: there is none.
std::string scheme_of(string_view url);

// What the first bytes say, else the label.
std::string picture_type(const data_url& url);

// Whether Anthropic takes pictures of that type.
bool is_common_picture(string_view type);

// The data as a JSON string, without white space.
void append_base64(std::string& out, string_view data);

}  // namespace f0::dialect

#endif  // F0_CORE_PROVIDER_PICTURE_H_
