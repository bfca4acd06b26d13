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
