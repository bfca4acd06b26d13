# Copyright (C) 2026 The f0 authors
#
# No page of nginx's own leaves a location or, with the include, a server of
# f0.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: 403 by deny
--- f0
deny all;
--- chat: <<say>>
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":\{"message":"[^"<]*","type":"[a-z_]+","param":null,"code":("[a-z_]+"|null)\}\}\s*\z
--- error_code: 403
--- error_log: access forbidden by rule



=== TEST 2: 429 by limit_req
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- f0
limit_req zone=one;
limit_req_status 429;
--- request eval
my $b = F0::chat_body("<<say>>");
[("POST $F0::base/chat/completions\n$b") x 2]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/\[DONE\]/, qr/\A\{"error":\{[^<]*"type":"rate_limit_error"/]
--- error_code eval
[200, 429]



=== TEST 3: 503 by limit_req
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- f0
limit_req zone=one;
--- request eval
my $b = F0::chat_body("<<say>>");
[("POST $F0::base/chat/completions\n$b") x 2]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/\[DONE\]/, qr/\A\{"error":/]
--- error_code eval
[200, 503]



=== TEST 4: 5xx by return
--- f0
return 500;
--- chat: <<say>>
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":
--- error_code: 500



=== TEST 5: an error_page of the server does not reach f0's location
--- server
error_page 403 404 500 502 /page;
location = /page { return 200 "<html>page</html>"; }
--- f0
deny all;
--- chat: <<say>>
--- response_headers
Content-Type: application/json
--- response_body_unlike: <html>
--- error_code: 403



=== TEST 6: 408, a body that does not come
--- f0
client_body_timeout 300ms;
--- raw_request eval
"POST $F0::base/chat/completions HTTP/1.1\r\nHost: x\r\n"
. "Authorization: Bearer f0-test-key\r\nContent-Type: application/json\r\n"
. "Content-Length: 100\r\n\r\n{"
--- response_body_unlike: <html
--- error_code_like: ^(408|)$
--- ignore_response



=== TEST 7: 400, a bad request line
--- raw_request eval
"NONSENSE\r\n\r\n"
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":
--- error_code: 400



=== TEST 8: 400, no Host
--- raw_request eval
"GET /x HTTP/1.1\r\n\r\n"
--- response_body_like: \A\{"error":
--- error_code: 400



=== TEST 9: 414
--- raw_request eval
"GET /" . ("x" x 40000) . " HTTP/1.1\r\nHost: x\r\n\r\n"
--- response_body_like: \A\{"error":
--- error_code: 414



=== TEST 10: 494, a header too large
--- raw_request eval
"GET / HTTP/1.1\r\nHost: x\r\nX: " . ("x" x 40000) . "\r\n\r\n"
--- response_body_like: \A\{"error":
--- error_code: 400



=== TEST 11: client_max_body_size before the key
--- f0
client_max_body_size 1k;
--- request eval
"POST $F0::base/chat/completions\n" . ("x" x 5000)
--- more_headers
Content-Type: application/json
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":
--- error_code: 413
--- error_log: too large body



=== TEST 20: a redirect of nginx's own keeps its status and has no page
--- f0
if ($arg_to) { return 307 https://elsewhere.example/v1/; }
if ($arg_away) { return 301 /v2/; }
--- request eval
["GET $F0::base/models?to=1", "GET $F0::base/models?away=1",
 "GET $F0::base/models"]
--- response_headers eval
["Location: https://elsewhere.example/v1/\nContent-Length: 0\nContent-Type: ",
 "Content-Length: 0\nContent-Type: ", "Content-Type: application/json"]
--- response_body_like eval
[qr/\A\z/, qr/\A\z/, qr/"object":"list"/]
--- error_code eval
[307, 301, 200]



=== TEST 21: the include leaves the pages of other locations alone
--- config
location /site/ { alias html/; }
location /closed/ { deny all; }
location = /bad { return 502; }
--- request eval
["GET /site/none", "GET /closed/x", "GET /bad"]
--- response_headers eval
[("Content-Type: text/html") x 3]
--- error_code eval
[404, 403, 502]
