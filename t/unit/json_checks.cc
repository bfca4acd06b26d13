// Copyright (C) 2026 The f0 authors
//
// json_checks.cc - checks of the JSON parser, the writer and the text functions.

#include "json_checks.h"

#include <cmath>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/json/json.h"
#include "wrong.h"

using std::string_view;
namespace json = f0::json;
namespace text = f0::text;

namespace {

// What came of a text: compact JSON, or the error's name.
std::string outcome(string_view t, const json::limits& l = {}) {
  static const char* const kErrors[] = {"none", "syntax", "utf8", "depth", "memory"};
  json::document doc;
  json::error why;
  const json::value* root = doc.parse(t, l, &why);
  if (!root) return std::string("!") + kErrors[int(why)];
  std::string out;
  json::append_value(out, *root);
  return out;
}

// Looks into all of it, as somebody who wants to know everything.
size_t walk(const json::value& v) {
  size_t n = v.size();
  if (v.is_array()) {
    for (const json::value& e : v) n += walk(e);
  }
  if (v.is_object()) {
    for (auto m = v.members_begin(); m != v.members_end(); ++m) n += m->key.size() + walk(m->val);
    for (auto m = v.members_begin(); m != v.members_end(); ++m) {
      if (v.get(m->key) == nullptr) return SIZE_MAX / 2;
    }
  }
  return n;
}

// Whether one document gives the same each time, after other texts, read at once
// or when it is looked into, by views or copies.
bool always(string_view t, string_view want, json::limits l) {
  static json::document doc;
  size_t first = SIZE_MAX;
  for (int way = 0; way < 16; way++) {
    std::string own(t);
    l.borrow = way & 1;
    l.eager = way & 2 ? 0 : 65536;
    l.in_place = way & 1 && way & 4;
    doc.clear();
    const json::value* root = doc.parse(own, l);
    if (!root != (want[0] == '!')) return false;
    if (!root) continue;
    if (way & 8) {
      size_t n = walk(*root);
      if (first == SIZE_MAX) first = n;
      if (n != first) return false;
    }
    std::string out;
    json::append_value(out, *root);
    if (out != want || !doc.complete()) return false;
  }
  return true;
}

// The outcome must be |want| however |t| is read; of an error only that it is
// one, since the first fault that is met may be another.
const char* expect(string_view t, string_view want, const json::limits& l = {}) {
  std::string whole = outcome(t, l);
  if (whole != want) {
    return wrong(std::string(t) + ": " + whole + ", want " + std::string(want));
  }
  if (!always(t, want, l)) return wrong(std::string(t) + ": not always the same");
  // What a small text gives a large one gives too.
  std::string large = std::string(70000, ' ') + std::string(t);
  if (want[0] != '!' && t[0] != '\xEF' && outcome(large, l) != want) {
    return wrong(std::string(t) + ": not the same behind blanks");
  }
  return nullptr;
}

struct pair {
  string_view in, out;
};

const char* expect_all(std::initializer_list<pair> list, const json::limits& l = {}) {
  for (const pair& p : list) {
    if (const char* w = expect(p.in, p.out, l)) return w;
  }
  return nullptr;
}

}  // namespace

const char* json_check_values() {
  return expect_all({
      {"{}", "{}"},
      {" [1,2]\r\n\t", "[1,2]"},
      {"1", "1"},
      {"-0.5e+3", "-0.5e+3"},
      {"null", "null"},
      {"[true,false,null,\"\",{},[]]", "[true,false,null,\"\",{},[]]"},
      {"{\"a\":{\"b\":[{\"c\":1}]},\"d\":\"e\"}", "{\"a\":{\"b\":[{\"c\":1}]},\"d\":\"e\"}"},
      {"{\"a\":1,\"b\":[],\"a\":{}}", "{\"b\":[],\"a\":{}}"},
      {"[\"\\/\\b\\f\\n\\r\\t\\\"\\\\\x7f\"]", "[\"/\\b\\f\\n\\r\\t\\\"\\\\\x7f\"]"},
      {"[\"a\\u0000b\\u001f\"]", "[\"a\\u0000b\\u001f\"]"},
      {"{\"m\\u006fdel\":\"\\u00e9\xC3\xA9\"}", "{\"model\":\"\xC3\xA9\xC3\xA9\"}"},
      {"[9223372036854775808,1e400]", "[9223372036854775808,1e400]"},
  });
}

const char* json_check_refused() {
  return expect_all({
      {"", "!syntax"},
      {" ", "!syntax"},
      {"{", "!syntax"},
      {"\"a", "!syntax"},
      {"12 3", "!syntax"},
      {"{}x", "!syntax"},
      {"{} \"", "!syntax"},
      {"1\"a\\", "!syntax"},
      {"{} tru", "!syntax"},
      {"[]-", "!syntax"},
      {"[] 1", "!syntax"},
      {"{} {}", "!syntax"},
      {"[]]", "!syntax"},
      {"]", "!syntax"},
      {"{]", "!syntax"},
      {"[1,]", "!syntax"},
      {"{\"a\":1,}", "!syntax"},
      {"[01]", "!syntax"},
      {"[1.]", "!syntax"},
      {"[.5]", "!syntax"},
      {"[+1]", "!syntax"},
      {"[-]", "!syntax"},
      {"[1e]", "!syntax"},
      {"[NaN]", "!syntax"},
      {"nul", "!syntax"},
      {"{'a':1}", "!syntax"},
      {"{a:1}", "!syntax"},
      {"{\"a\" 1}", "!syntax"},
      {"[1 2]", "!syntax"},
      {"[\"\\x\"]", "!syntax"},
      {"[\"\\ud8\"]", "!syntax"},
      {"[/* */]", "!syntax"},
      {"//x\n[]", "!syntax"},
      {"[1\v]", "!syntax"},
      {"\v[]", "!syntax"},
      {"[]\f", "!syntax"},
      {"[\"a\nb\"]", "!syntax"},
      {{"[\"a\0b\"]", 7}, "!syntax"},
      {"\xC3\xA9", "!syntax"},
      {"[\"\xC0\xAF\"]", "!utf8"},
      {"[\"\xED\xA0\x80\"]", "!utf8"},
      {"[\"\xF4\x90\x80\x80\"]", "!utf8"},
      {"[\"\xE2\x82\"]", "!utf8"},
      {"[\"\xE2", "!utf8"},
  });
}

const char* json_check_surrogates() {
  const char* w = expect_all({
      {"[\"\\ud83d\\ude00\"]", "[\"\xF0\x9F\x98\x80\"]"},
      {"[\"x\\ud83d|\\ude00|\\ud83d\\ud83d\\ude00|\\ude00\\ud83d\"]",
       "[\"x\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\xF0\x9F\x98\x80|\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
      {"[\"\\\\ud83d\"]", "[\"\\\\ud83d\"]"},
      {"[\"\\\\\\ud83d\"]", "[\"\\\\\xEF\xBF\xBD\"]"},
      {"[\"\\ud83d\\u0041\"]",
       "[\"\xEF\xBF\xBD"
       "A\"]"},
      {"[\"\\ud83d\\n\"]", "[\"\xEF\xBF\xBD\\n\"]"},
      {"[\"\\uD83D\\uDE00\xED\x9F\xBF\\uDBFFx\"]",
       "[\"\xF0\x9F\x98\x80\xED\x9F\xBF\xEF\xBF\xBDx\"]"},
      {"{\"\\ud83d\":\"\\ude00\"}", "{\"\xEF\xBF\xBD\":\"\xEF\xBF\xBD\"}"},
  });
  if (w) return w;
  json::limits apart;
  apart.join_surrogates = false;
  json::document doc;
  const json::value* v = doc.parse("[\"a\\ud83d\",\"\\ude00b\",\"\\ud83d\\ude00\"]", apart);
  if (!v || (*v)[0].text() != "a\xED\xA0\xBD" ||
      (*v)[1].text() !=
          "\xED\xB8\x80"
          "b" ||
      (*v)[2].text() != "\xF0\x9F\x98\x80") {
    return "halves are not handed on";
  }
  return nullptr;
}

const char* json_check_bom() {
  json::limits l;
  l.skip_bom = true;
  if (const char* w = expect("\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}", l)) return w;
  if (const char* w = expect("{\"a\":1}", "{\"a\":1}", l)) return w;
  if (const char* w = expect("\xEF\xBB\xBF\xEF\xBB\xBF{}", "!syntax", l)) return w;
  if (const char* w = expect("\xEF\xBB{}", "!utf8", l)) return w;
  if (const char* w = expect("\xEF\xBB", "!utf8", l)) return w;
  return expect("\xEF\xBB\xBF{}", "!syntax");
}

const char* json_check_repair() {
  json::limits l;
  l.strict_utf8 = false;
  return expect_all(
      {
          {"[\"a\xFF"
           "b\"]",
           "[\"a\xEF\xBF\xBD"
           "b\"]"},
          {"[\"\xE2\x82\"]", "[\"\xEF\xBF\xBD\"]"},
          {"[\"\xE2\x82\xAC\"]", "[\"\xE2\x82\xAC\"]"},
          {"[\"\xF0\x9F\x98\"]", "[\"\xEF\xBF\xBD\"]"},
          {"[\"\xED\xA0\x80\"]", "[\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
          {"[\"\xC0\xAF\"]", "[\"\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
          {"[]\xE2", "!syntax"},
      },
      l);
}

const char* json_check_depth() {
  for (size_t n : {127, 128, 129, 5000}) {
    std::string t = std::string(n, '[') + std::string(n, ']');
    std::string got = outcome(t);
    if (got != (n > 128 ? "!depth" : t)) return wrong("depth " + std::to_string(n) + ": " + got);
  }
  json::limits l;
  l.depth = 2;
  if (outcome("{\"a\":[]}", l) != "{\"a\":[]}") return "depth 2 is refused";
  if (outcome("{\"a\":[{}]}", l) != "!depth") return "depth 3 is accepted";
  if (outcome("[[],[],{\"[[[\":\"{{{\"}]", l)[0] == '!') return "brackets in strings are counted";
  return nullptr;
}

const char* json_check_numbers() {
  json::document doc;
  const json::value* v = doc.parse(
      "[9223372036854775807,-9223372036854775808,9223372036854775808,"
      "1.0,1e2,-0,1e400,-1e400,1e-400,0e99999999999,0.5,true]");
  if (!v) return "numbers are refused";
  const json::value& a = *v;
  if (a[0].integer() != INT64_MAX || a[1].integer() != INT64_MIN || a[2].integer()) {
    return "integers at the edge";
  }
  if (a[3].integer() || a[4].integer() || a[5].integer() != 0 || a[11].integer()) {
    return "what is an integer";
  }
  if (a[3].decimal() != 1.0 || a[4].decimal() != 100.0 || a[10].decimal() != 0.5) {
    return "decimals";
  }
  if (!std::isinf(*a[6].decimal()) || *a[7].decimal() >= 0 || !std::isinf(*a[7].decimal())) {
    return "decimals above the range";
  }
  if (a[8].decimal() != 0.0 || a[9].decimal() != 0.0 || a[11].decimal()) {
    return "decimals below the range";
  }
  return nullptr;
}

const char* json_check_memory() {
  std::string flood = "[";
  for (int i = 0; i < 200000; i++) flood += "[1],";
  flood += "0]";
  json::error why;
  json::limits at_once;
  at_once.eager = SIZE_MAX;
  f0::budget c(64 << 20);
  json::document doc;
  if (!doc.parse(flood, at_once, &why, &c)) return "there is room, but the flood is refused";
  if (c.used() != doc.memory()) return "the charge that stays is not what the document holds";
  doc.clear();
  if (c.used() != 0) return "a cleared document is still charged for";
  f0::budget e(1 << 20);
  if (doc.parse(flood, at_once, &why, &e) || why != json::error::memory) return "a flood at once";
  doc.clear();
  if (e.used() != 0 || !doc.parse("[1]", {}, &why, &e)) return "after a flood";
  // Of a large text only what is looked into is held, and it may be too much.
  doc.clear();
  std::string text = "{\"a\":" + flood + "}";
  json::limits in_place;
  in_place.borrow = in_place.in_place = true;
  const json::value* v = doc.parse(text, in_place, &why, &e);
  if (!v || v->get("a")->size() != 200001) return "a flood that nobody reads";
  if (e.used() > 8192) return wrong("it holds " + std::to_string(e.used()));
  v->get("a")->begin();
  if (doc.complete() || v->get("a")->size() != 0) return "a flood that has no room";
  doc.clear();
  return e.used() == 0 ? nullptr : "what had no room is charged for";
}

// None of these may take more than linear time.
const char* json_check_floods() {
  json::document doc;
  std::string object = "{";
  for (int i = 0; i < 200000; i++)
    object += "\"" + std::to_string(i % 5000) + "\":" + std::to_string(i) + ",";
  object += "\"z\":1}";
  const json::value* v = doc.parse(object);
  if (!v || v->size() != 200001) return "a large object";
  if (v->unique_members().size() != 5001 || v->get("7")->text() != "195007")
    return "duplicate keys";
  std::string out;
  json::append_value(out, *v);
  return nullptr;
}

const char* json_check_reuse() {
  json::document doc;
  for (int i = 0; i < 1000; i++) {
    doc.clear();
    const json::value* v = doc.parse("{\"a\":[1,2,{\"b\":\"text\"}],\"n\":null,\"s\":\"\"}");
    if (!v || v->get("a")->size() != 3 || (*v->get("a"))[2].str("b") != "text") return "a value";
    if (v->get("x") || !v->str("n").empty() || !v->str("s").empty()) return "what is not there";
    if (doc.memory() > 8192) return "a document that is cleared grows";
  }
  if (doc.parse("{\"a\":") || doc.parse("x")) return "a broken text after good ones";
  if (!doc.parse(std::string("[\"") + std::string(5000000, 'x') + "\"]")) return "a large text";
  doc.clear();
  if (doc.memory() > 8192) return "a cleared document keeps a giant";
  return doc.parse("[]") ? nullptr : "a text after a giant";
}

const char* json_check_writer() {
  static const char kText[] = "a\"\\\b\f\n\r\t\x01\x1f\x7f\0\xC3\xA9/plain text";
  std::string out;
  json::append_string(out, {kText, sizeof(kText) - 1});
  if (out != "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xC3\xA9/plain text\"")
    return wrong(out);
  out.clear();
  json::writer w(out);
  w.begin_object()
      .key("a")
      .begin_array()
      .integer(-1)
      .null()
      .string("x")
      .begin_object()
      .end_object();
  w.end_array().key("b").boolean(true).key("c").raw("1e5").end_object();
  if (out != "{\"a\":[-1,null,\"x\",{}],\"b\":true,\"c\":1e5}") return wrong(out);
  json::limits apart;
  apart.join_surrogates = false;
  json::document doc;
  out.clear();
  json::append_value(out, *doc.parse("[\"\\ud83d\"]", apart));
  if (out != "[\"\xEF\xBF\xBD\"]") return "a half is written";
  // Each length, so that each tail of the fast scan is met.
  for (size_t n = 0; n < 40; n++) {
    out.clear();
    json::append_escaped(out, std::string(n, 'a') + "\n" + std::string(n, 'b'));
    if (out != std::string(n, 'a') + "\\n" + std::string(n, 'b')) return wrong(out);
  }
  return nullptr;
}

const char* text_check_utf8() {
  for (string_view good :
       {"", "plain", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF", "long enough \xC3\xA9 to be skipped"}) {
    if (!text::valid_utf8(good)) return wrong("refused: " + std::string(good));
  }
  for (string_view bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\x80", "\xED\xA0\x80", "\xF0\x8F\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "\xC3", "\xE2\x28\xA1"}) {
    if (text::valid_utf8(bad)) return wrong("accepted: " + std::string(bad));
  }
  struct {
    string_view in, out;
  } repaired[] = {{"a\xFF\xFE", "a\xEF\xBF\xBD\xEF\xBF\xBD"},
                  {"\xE2\x82", "\xEF\xBF\xBD"},
                  {"x\xF0\x9F\x98y", "x\xEF\xBF\xBDy"},
                  {"\xE2\x82\xC3\xA9", "\xEF\xBF\xBD\xC3\xA9"}};
  for (const auto& r : repaired) {
    std::string out;
    text::append_repaired(out, r.in);
    if (out != r.out) return wrong("repaired: " + out);
  }
  if (text::incomplete_tail("a\xE2\x82") != 2 || text::incomplete_tail("a\xF0\x9F\x98") != 3 ||
      text::incomplete_tail("\xC3") != 1 || text::incomplete_tail("\xC3\xA9") != 0 ||
      text::incomplete_tail("\xFF") != 0 || text::incomplete_tail("") != 0 ||
      text::incomplete_tail("\xE0\x80") != 0) {
    return "incomplete tails";
  }
  if (text::code_points("a\xC3\xA9\xF0\x9F\x98\x80") != 3) return "code points";
  if (text::prefix_of("a\xC3\xA9\xF0\x9F\x98\x80z", 3) != 7 || text::prefix_of("ab", 9) != 2)
    return "prefixes";
  return nullptr;
}

const char* text_check_utf16() {
  string_view s = "a\xF0\x9F\x98\x80\xC3\xA9z";  // units: a, two, one, z
  struct {
    int64_t index;
    bool up;
    size_t at;
  } cases[] = {{-5, false, 0}, {0, false, 0}, {1, false, 1},         {2, false, 1},
               {2, true, 5},   {3, false, 5}, {3, true, 5},          {4, false, 7},
               {5, true, 8},   {99, true, 8}, {INT64_MAX, false, 8}, {INT64_MIN, true, 0}};
  for (const auto& c : cases) {
    if (text::utf16_to_byte(s, c.index, c.up) != c.at)
      return wrong("index " + std::to_string(c.index));
  }
  return text::utf16_length(s) == 5 ? nullptr : "length";
}

const char* text_check_joined() {
  // Every way to cut a pair, a lone high and a lone low half into two pieces.
  string_view units[] = {"x", "\xED\xA0\xBD", "\xED\xB8\x80", "y", "\xED\xB8\x80", "\xED\xA0\xBD",
                         "z", "\xED\xA0\xBD"};
  std::string want = "x\xF0\x9F\x98\x80y\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD";
  for (size_t cut = 0; cut <= std::size(units); cut++) {
    std::string first, second, out, hold;
    for (size_t i = 0; i < std::size(units); i++) (i < cut ? first : second) += units[i];
    text::append_joined(out, first, &hold);
    text::append_joined(out, "", &hold);
    text::append_joined(out, second, &hold);
    if (!hold.empty()) out += "\xEF\xBF\xBD";
    if (out != want) return wrong("cut " + std::to_string(cut) + ": " + out);
  }
  std::string out;
  text::append_joined(out, "\xED\x95\x9C\xED\xA0\xBD");
  return out == "\xED\x95\x9C\xEF\xBF\xBD" ? nullptr : "without hold";
}

const char* text_check_ascii() {
  if (text::trim(" \t\r\n a b \v\f") != "a b" || !text::trim(" ").empty()) return "trim";
  if (!text::is_blank(" \xC2\xA0\xE2\x80\xA8\xE3\x80\x80\x1c") || text::is_blank("\xE2\x80\x8B"))
    return "blank";
  if (text::trim_right_unicode("a\xC2\xA0 ") != "a") return "trim at the right";
  if (text::to_lower("AbZ\xC3\x89") != "abz\xC3\x89") return "lower";
  if (!text::iequals("Content", "cONTENT") || text::iequals("a", "ab")) return "equal";
  if (!text::istarts_with("Bearer x", "bearer ") || text::istarts_with("b", "bearer"))
    return "begins";
  if (text::percent_encode("a-Z_0.~/:\xC3\xA9 ") != "a-Z_0.~%2F%3A%C3%A9%20") return "encode";
  if (text::percent_decode("a%2Fb%3a%zz%4") != "a/b:%zz%4") return "decode";
  return nullptr;
}
