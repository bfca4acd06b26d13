# Copyright (C) 2026 The f0 authors
#
# Paths, methods, media types.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: trailing slash
--- request eval
"POST $F0::base/chat/completions/\n" . F0::chat_body("<<say>>")
--- more_headers
Content-Type: application/json
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 2: query string
--- request eval
"POST $F0::base/chat/completions?api-version=2024-06-01\n"
. F0::chat_body("<<say>>")
--- more_headers
Content-Type: application/json
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 3: the exact location
--- config
location = /api/chat/completions {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
--- request eval
"POST /api/chat/completions\n" . F0::chat_body("<<say>>")
--- more_headers
Content-Type: application/json
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 4: GET of chat/completions
--- request eval
"GET $F0::base/chat/completions"
--- response_headers_like
Allow: .*POST.*
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":null,"code":"method_not_supported"
--- error_code: 405



=== TEST 5: other methods
--- request eval
["PUT $F0::base/chat/completions\n{}", "DELETE $F0::base/chat/completions",
 "PATCH $F0::base/models\n{}", "POST $F0::base/models\n{}"]
--- response_body_like eval
[(qr/method_not_supported/) x 4]
--- error_code eval
[405, 405, 405, 405]



=== TEST 6: other paths
--- request eval
["POST $F0::base/completion\n{}", "POST $F0::base/embeddings\n{}",
 "GET $F0::base/", "GET $F0::base/models/a/b/c"]
--- response_body_like eval
[(qr/"type":"invalid_request_error"/) x 4]
--- error_code eval
[404, 404, 404, 404]



=== TEST 7: media types
--- request eval
my $b = F0::chat_body("<<say>>");
[("POST $F0::base/chat/completions\n$b") x 4]
--- more_headers eval
["Content-Type: text/plain", "Content-Type: application/json; charset=utf-8",
 "Content-Type: application/x-www-form-urlencoded",
 "Content-Type: Application/JSON"]
--- response_body_like eval
[qr/"type":"invalid_request_error".*"code":"unsupported_content_type"/,
 (qr/\[DONE\]/) x 3]
--- error_code eval
[415, 200, 200, 200]



=== TEST 8: Content-Encoding of a request
--- chat: <<say>>
--- more_headers
Content-Encoding: zstd
--- response_body_like: unsupported_content_type
--- error_code: 415



=== TEST 9: HEAD
--- request eval
"HEAD $F0::base/models"
--- error_code_like: ^(200|405)$



=== TEST 20: a rewrite within the location
--- f0
rewrite ^/api/openai_compat/v1/old/(.*)$ /v1/$1 break;
--- request eval
["GET $F0::base/old/models", "GET $F0::base/old/models/f0-code-agent",
 "POST $F0::base/old/chat/completions\n" . F0::chat_body("<<say>>"),
 "GET $F0::base/old/model"]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/"object":"list"/, qr/"id":"f0-code-agent"/, qr/\[DONE\]/, qr/Invalid URL/]
--- error_code eval
[200, 200, 200, 404]



=== TEST 21: a regular location, "models" in the way
--- config
location ~ ^/models-api/ {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
location ~ ^/Models/ {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
--- request eval
["GET /models-api/v1/models", "GET /models-api/v1/models/f0-code-agent",
 "GET /Models/v1/models", "GET /models-api/x",
 "POST /models-api/chat/completions\n" . F0::chat_body("<<say>>")]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/"object":"list"/, qr/"id":"f0-code-agent"/, qr/"object":"list"/,
 qr/Invalid URL/, qr/\[DONE\]/]
--- error_code eval
[200, 200, 200, 404, 200]



=== TEST 22: a location that is just the list
--- config
location = /list/models {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
--- request
GET /list/models
--- response_body_like: "object":"list"
--- error_code: 200
