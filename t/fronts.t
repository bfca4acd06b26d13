# Copyright (C) 2026 The f0 authors
#
# The fronts: paths, methods, keys and ids, whatever API is spoken.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

our @paths = ("chat/completions", "messages", "messages/count_tokens",
              "responses", "completions", "fim/completions");

run_tests();

__DATA__

=== TEST 1: each path is there, and wants POST
--- request eval
[map { "GET $F0::base/$_" } @::paths]
--- response_headers eval
[("Allow: POST, OPTIONS") x @::paths]
--- response_body_like eval
[(qr/"type":"invalid_request_error"/) x @::paths]
--- error_code eval
[(405) x @::paths]



=== TEST 2: an empty object is a request, and a wrong one
--- request eval
[map { "POST $F0::base/$_\n{}" } @::paths]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[(qr/"type":"invalid_request_error"/) x @::paths]
--- error_code eval
[(400) x @::paths]



=== TEST 3: a trailing slash, doubled ones, a query: no redirect
--- request eval
[map { ("POST $F0::base/$_/\n{}", "POST $F0::base/$_/?beta=true\n{}",
        "POST $F0::base//$_?beta=true\n{}") } @::paths]
--- more_headers
Content-Type: application/json
--- response_headers eval
[("!Location") x (3 * @::paths)]
--- error_code eval
[(400) x (3 * @::paths)]



=== TEST 4: the same with merge_slashes off
--- server
merge_slashes off;
--- request eval
[map { ("POST $F0::base/$_/\n{}", "POST $F0::base//$_\n{}",
        "POST $F0::base/$_//\n{}") } @::paths]
--- more_headers
Content-Type: application/json
--- response_headers eval
[("!Location") x (3 * @::paths)]
--- error_code eval
[(400) x (3 * @::paths)]



=== TEST 5: doubled slashes before the location
--- request eval
[map { my $b = $F0::base; $b =~ s|/v1|//v1|; "POST $b/$_\n{}" } @::paths]
--- more_headers
Content-Type: application/json
--- error_code eval
[(400) x @::paths]



=== TEST 6: no key: 401 on each
--- request eval
[map { "POST $F0::base/$_\n{}" } @::paths]
--- no_key
--- more_headers
Content-Type: application/json
--- response_headers eval
[("WWW-Authenticate: Bearer") x @::paths]
--- response_body_like eval
[(qr/"auth_error"|"authentication_error"/) x @::paths]
--- error_code eval
[(401) x @::paths]



=== TEST 7: x-api-key on each
--- request eval
[map { "POST $F0::base/$_\n{}" } @::paths]
--- no_key
--- more_headers
Content-Type: application/json
x-api-key: f0-test-key
--- error_code eval
[(400) x @::paths]



=== TEST 8: Authorization wins over x-api-key, right or wrong
--- request eval
["GET $F0::base/models", "GET $F0::base/models", "GET $F0::base/models",
 "GET $F0::base/models", "GET $F0::base/models"]
--- no_key
--- more_headers eval
["Authorization: Bearer f0-test-key\nx-api-key: wrong-key",
 "Authorization: Bearer wrong-key\nx-api-key: f0-test-key",
 "Authorization: Bearer wrong-key\napi-key: f0-test-key",
 "Authorization: Basic Zm9vOmJhcg==\nx-api-key: f0-test-key",
 "api-key: f0-test-key"]
--- error_code eval
[200, 401, 401, 200, 200]



=== TEST 9: Messages' own header of the id
--- request eval
["GET $F0::base/messages", "POST $F0::base/messages\n{}",
 "POST $F0::base/messages/count_tokens\n{}"]
--- more_headers
Content-Type: application/json
--- response_headers_like eval
[("request-id: req_[0-9a-f]{32}\nx-request-id: req_[0-9a-f]{32}") x 3]
--- error_code eval
[405, 400, 400]



=== TEST 10: not that of others, but where anthropic-version says so
--- request eval
["POST $F0::base/responses\n{}", "GET $F0::base/models", "GET $F0::base/nope",
 "GET $F0::base/models", "GET $F0::base/nope"]
--- more_headers eval
["Content-Type: application/json", "", "", "anthropic-version: 2023-06-01",
 "anthropic-version: any"]
--- response_headers_like eval
["!request-id", "!request-id", "!request-id", "request-id: req_\\w+",
 "request-id: req_\\w+"]
--- error_code eval
[400, 200, 404, 200, 404]



=== TEST 11: what is kept nowhere
--- request eval
["GET $F0::base/responses/resp_1", "DELETE $F0::base/responses/resp_1",
 "POST $F0::base/responses/compact\n{}", "GET $F0::base/streams/1",
 "POST $F0::base/messages/batches\n{}"]
--- response_body_like eval
[(qr/Invalid URL/) x 5]
--- error_code eval
[404, 404, 404, 404, 404]



=== TEST 12: media types, compressed bodies
--- request eval
[map { ("POST $F0::base/$_\n{}") } ("messages", "responses", "messages")]
--- more_headers eval
["Content-Type: text/plain", "Content-Type: text/plain",
 "Content-Type: application/json\nContent-Encoding: gzip"]
--- response_body_like eval
[(qr/"type":"invalid_request_error"/) x 3]
--- error_code eval
[415, 415, 415]



=== TEST 13: too large, in a clean answer
--- f0
client_max_body_size 1k;
--- request eval
my $b = '{"x":"' . ("y" x 2000) . '"}';
[map { "POST $F0::base/$_\n$b" } @::paths]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[(qr/1024 bytes/) x @::paths]
--- error_code eval
[(413) x @::paths]



=== TEST 14: nginx's own refusals
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- f0
limit_req zone=one;
limit_req_status 429;
--- request eval
["GET $F0::base/models", "POST $F0::base/messages\n{}",
 "POST $F0::base/responses\n{}"]
--- response_body_like eval
[qr/"data"/, qr/"rate_limit_error"/, qr/"rate_limit_error"/]
--- error_code eval
[200, 429, 429]



=== TEST 15: a preflight that names no headers is told of the SDKs'
--- request eval
[map { "OPTIONS $F0::base/$_" } @::paths]
--- no_key
--- more_headers
Origin: https://example.com
Access-Control-Request-Method: POST
--- response_headers_like eval
[("Access-Control-Allow-Headers: .*X-Api-Key.*Anthropic-Version.*Anthropic-Beta.*X-Stainless-Lang.*")
 x @::paths]
--- error_code eval
[(204) x @::paths]



=== TEST 16: browsers may read the ids and what was dropped
--- request eval
"GET $F0::base/models"
--- more_headers
Origin: https://example.com
--- response_headers_like
Access-Control-Expose-Headers: x-request-id, request-id, x-f0-dropped, .*
--- error_code: 200



=== TEST 17: HEAD
--- request eval
["HEAD $F0::base/models", "HEAD $F0::base/messages"]
--- response_body eval
["", ""]
--- error_code eval
[200, 405]



=== TEST 18: a location of one front only
--- config
location = /claude/messages {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
location ~ ^/any {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
--- request eval
["GET /claude/messages", "GET /any/of/v1/messages/count_tokens",
 "GET /any/of/v1/fim/completions"]
--- response_headers_like eval
["request-id: req_\\w+", "request-id: req_\\w+", "!request-id"]
--- error_code eval
[405, 405, 405]
