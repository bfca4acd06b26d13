// Copyright (C) 2026 The f0 authors
//
// models.cc - GET models and models/{id}.

#include "models.h"

#include "../json/json.h"

namespace f0::front {

namespace {

// The seed's: clients that remember a model do not see it change.
constexpr int64_t kCreated = 1732665600;

}  // namespace

void append_model(std::string& out, string_view id) {
  json::writer w(out);
  w.begin_object().key("id").string(id).key("object").string("model");
  w.key("created").integer(kCreated).key("owned_by").string("f0").end_object();
}

void append_model_list(std::string& out, const std::vector<std::string>& ids) {
  out += "{\"object\":\"list\",\"data\":[";
  for (size_t i = 0; i < ids.size(); i++) {
    if (i > 0) out += ',';
    append_model(out, ids[i]);
  }
  out += "]}";
}

}  // namespace f0::front
