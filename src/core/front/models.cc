// Copyright (C) 2026 The f0 authors
//
// models.cc - GET models and models/{id}.

#include "models.h"

#include "../json/json.h"

namespace f0::front {

namespace {

// The seed's: clients that remember a model do not see it change.
constexpr int64_t kCreated = 1732665600;
constexpr string_view kCreatedAt = "2024-11-27T00:00:00Z";

void append_id(std::string& out, const std::vector<std::string>& ids, size_t i) {
  if (i < ids.size()) {
    json::append_string(out, ids[i]);
  } else {
    out += "null";
  }
}

}  // namespace

void append_model(std::string& out, string_view id, model_form form) {
  json::writer w(out);
  w.begin_object();
  if (form == model_form::anthropic) {
    w.key("type").string("model").key("id").string(id).key("display_name").string(id);
    w.key("created_at").string(kCreatedAt);
  } else {
    w.key("id").string(id).key("object").string("model");
    w.key("created").integer(kCreated).key("owned_by").string("f0");
  }
  w.end_object();
}

void append_model_list(std::string& out, const std::vector<std::string>& ids, model_form form) {
  const bool anthropic = form == model_form::anthropic;
  out += anthropic ? "{\"data\":[" : "{\"object\":\"list\",\"data\":[";
  for (size_t i = 0; i < ids.size(); i++) {
    if (i > 0) out += ',';
    append_model(out, ids[i], form);
  }
  out += ']';
  if (anthropic) {
    out += ",\"has_more\":false,\"first_id\":";
    append_id(out, ids, 0);
    out += ",\"last_id\":";
    append_id(out, ids, ids.size() - 1);
  }
  out += '}';
}

}  // namespace f0::front
