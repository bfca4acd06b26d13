# Copyright (C) 2026 The f0 authors
#
# CORS: a browser's preflight comes first, before keys, limits, auth_request.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: a preflight needs no key
--- request eval
"OPTIONS $F0::base/chat/completions"
--- no_key
--- more_headers
Origin: null
Access-Control-Request-Method: POST
Access-Control-Request-Headers: authorization,content-type,x-stainless-lang
--- response_headers_like
Access-Control-Allow-Origin: \*
Access-Control-Allow-Methods: .*POST.*
Access-Control-Allow-Headers: authorization,content-type,x-stainless-lang
--- error_code: 204



=== TEST 2: auth_request and limit_req do not stand in front of it
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- f0
limit_req zone=one;
auth_request /deny;
--- config
location = /deny { internal; return 403; }
--- request eval
["OPTIONS $F0::base/chat/completions", "OPTIONS $F0::base/models",
 "OPTIONS $F0::base/anything"]
--- no_key
--- more_headers
Origin: https://example.com
Access-Control-Request-Method: POST
--- response_headers eval
["Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: *",
 "Access-Control-Allow-Origin: *"]
--- error_code eval
[204, 204, 204]



=== TEST 3: an answer carries the header too
--- chat: <<say>>
--- more_headers
Origin: https://example.com
--- response_headers
Access-Control-Allow-Origin: *
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 4: and so do errors and models
--- request eval
["GET $F0::base/models", "GET $F0::base/none", "DELETE $F0::base/models"]
--- more_headers
Origin: https://example.com
--- response_headers eval
["Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: *",
 "Access-Control-Allow-Origin: *"]
--- error_code eval
[200, 404, 405]



=== TEST 5: 401 is readable in a browser
--- request eval
"GET $F0::base/models"
--- no_key
--- more_headers
Origin: https://example.com
--- response_headers
Access-Control-Allow-Origin: *
--- response_body_like: invalid_api_key
--- error_code: 401



=== TEST 6: OPTIONS that is no preflight comes after what stands in front
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- f0
limit_req zone=one;
--- request eval
["OPTIONS $F0::base/chat/completions", "OPTIONS $F0::base/chat/completions"]
--- no_key
--- error_code eval
[204, 503]



=== TEST 7: without keys no other origin may read
--- config
location /open/ { f0 on; f0_keys off; }
--- request eval
["GET /open/models", "OPTIONS /open/models", "GET /open/none"]
--- no_key
--- more_headers
Origin: https://example.com
Access-Control-Request-Method: GET
--- response_headers eval
[("Access-Control-Allow-Origin: \nAccess-Control-Allow-Headers: "
  . "\nX-Content-Type-Options: nosniff") x 3]
--- error_code eval
[200, 204, 404]



=== TEST 8: nor where the address lets one in; with a key it may
--- f0
satisfy any;
allow 127.0.0.1;
deny all;
--- request eval
["GET $F0::base/models", "GET $F0::base/models"]
--- no_key
--- more_headers eval
["Origin: https://example.com",
 "Origin: https://example.com\nAuthorization: Bearer f0-test-key"]
--- response_headers eval
["Access-Control-Allow-Origin: ", "Access-Control-Allow-Origin: *"]
--- error_code eval
[200, 200]



=== TEST 9: without a key only JSON is taken, which needs a preflight
--- config
location /open/ { f0 on; f0_keys off; }
--- request eval
my $b = F0::chat_body("<<say>>");
[("POST /open/chat/completions\n$b") x 4]
--- no_key
--- more_headers eval
["Content-Type: application/x-www-form-urlencoded", "Content-Type: text/plain",
 "X: y", "Content-Type: application/json"]
--- error_code eval
[415, 415, 415, 200]



=== TEST 10: f0_cors with origins
--- server
f0_cors https://a.example https://b.example:8443;
--- request eval
[("GET $F0::base/models") x 3, "OPTIONS $F0::base/models",
 "OPTIONS $F0::base/models"]
--- more_headers eval
["Origin: https://b.example:8443", "Origin: https://evil.example", "X: y",
 "Origin: https://a.example\nAccess-Control-Request-Method: GET",
 "Origin: https://evil.example\nAccess-Control-Request-Method: GET"]
--- response_headers eval
["Access-Control-Allow-Origin: https://b.example:8443\nVary: Origin",
 "Access-Control-Allow-Origin: \nVary: Origin",
 "Access-Control-Allow-Origin: \nVary: Origin",
 "Access-Control-Allow-Origin: https://a.example",
 "Access-Control-Allow-Origin: \nAccess-Control-Allow-Methods: "]
--- error_code eval
[200, 200, 200, 204, 204]



=== TEST 11: f0_cors * without keys, f0_cors off with them
--- config
location /open/ { f0 on; f0_keys off; f0_cors *; }
location /closed/ { f0 on; f0_keys env:F0_TEST_KEY; f0_cors off; }
--- request eval
["GET /open/models", "GET /closed/models"]
--- more_headers
Origin: https://example.com
--- response_headers eval
["Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: "]
--- error_code eval
[200, 200]



=== TEST 12: errors of other locations are not for every page
--- server
error_page 404 /_f0/error;
--- request
GET /elsewhere
--- response_headers
Content-Type: application/json
Access-Control-Allow-Origin:
--- error_code: 404



=== TEST 13: f0_cors with what is no origin
--- bare
--- http_config
f0_cors example.com;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"example.com" is no origin/
