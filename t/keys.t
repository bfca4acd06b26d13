# Copyright (C) 2026 The f0 authors
#
# Keys: f0_keys, 401, $f0_key.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: no key
--- chat: <<say?id=k1>>
--- no_key
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":\{"message":"[^"]*","type":"auth_error","param":null,"code":"invalid_api_key"\}\}\s*\z
--- error_code: 401



=== TEST 2: a wrong key
--- chat: <<say>>
--- more_headers
Authorization: Bearer nope
--- response_body_like: "type":"auth_error","param":null,"code":"invalid_api_key"
--- error_code: 401



=== TEST 3: the beginning of a key, a key and more
--- request eval
["GET $F0::base/models", "GET $F0::base/models"]
--- more_headers eval
["Authorization: Bearer f0-test-ke", "Authorization: Bearer f0-test-keyx"]
--- response_body_like eval
[qr/invalid_api_key/, qr/invalid_api_key/]
--- error_code eval
[401, 401]



=== TEST 4: bearer in lower case
--- chat: <<say>>
--- more_headers
Authorization: bearer f0-test-key
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 5: Basic is no key
--- chat: <<say>>
--- more_headers
Authorization: Basic f0-test-key
--- response_body_like: invalid_api_key
--- error_code: 401



=== TEST 6: models need the key too
--- request eval
"GET $F0::base/models"
--- no_key
--- response_body_like: invalid_api_key
--- error_code: 401



=== TEST 7: an unknown path needs it as well
--- request eval
"GET $F0::base/nothing"
--- no_key
--- response_body_like: invalid_api_key
--- error_code: 401



=== TEST 8: the client's key never reaches the provider
--- up
proxy_set_header X-Seen "$http_authorization$http_cookie";
--- chat: <<say?id=k8>>
--- more_headers
Authorization: Bearer f0-test-key
Cookie: secret=cookie
Accept-Encoding: gzip
--- response_body_like: \[DONE\]
--- config
location = /seen {
    proxy_pass http://f0_up/control/requests?id=k8;
}
--- error_code: 200



=== TEST 9: f0_keys off with auth_request
--- bare
--- http_config
f0_provider up openai /_f0/up/;
f0_model f0-code-agent { mode chat; try up m; }
--- config eval
"
location /api/ {
    f0 on;
    f0_keys off;
    auth_request /check;
}
location = /check { internal; return 403; }
location /_f0/up/ {
    internal;
    include $F0::root/conf/f0_provider.conf;
    proxy_pass http://127.0.0.1:\$TEST_NGINX_PROVIDER_PORT/;
}
"
--- request
GET /api/models
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":
--- error_code: 403



=== TEST 10: a key is good only where it is asked for, also after a rewrite
--- user_files
>>> a.keys
anna key-of-anna-1234
>>> b.keys
bert key-of-bert-1234
--- config
add_header X-Key "<$f0_key>" always;
location /one/ {
    f0 on;
    f0_keys $TEST_NGINX_HTML_DIR/a.keys;
    set $who $f0_key;
    if ($f0_key) {
        rewrite ^/one/(.*)$ /two/$1 last;
    }
}
location /two/ {
    f0 on;
    f0_keys $TEST_NGINX_HTML_DIR/b.keys;
}
--- request eval
["GET /one/models", "GET /two/models", "GET /one/models", "GET /two/models"]
--- more_headers eval
["Authorization: Bearer key-of-anna-1234",
 "Authorization: Bearer key-of-anna-1234",
 "Authorization: Bearer key-of-bert-1234",
 "Authorization: Bearer key-of-bert-1234"]
--- error_code eval
[401, 401, 401, 200]
--- response_headers eval
["X-Key: <>", "X-Key: <>", "X-Key: <>", "X-Key: <bert>"]



=== TEST 11: keys reach the locations inside, whoever answers there
--- config
location /n/ {
    f0 on;
    f0_keys env:F0_TEST_KEY;

    location /n/legacy/ {
        proxy_pass http://f0_up/s/say!/legacy;
    }

    location /n/open/ {
        f0 off;
        f0_keys off;
        alias html/;
    }
}
--- user_files
>>> page.txt
open
--- request eval
["GET /n/legacy/x", "GET /n/legacy/x", "GET /n/open/page.txt"]
--- no_key
--- more_headers eval
["X: y", "Authorization: Bearer f0-test-key", "X: y"]
--- response_body_like eval
[qr/\A\{"error":.*invalid_api_key/, qr/Hello/, qr/open/]
--- error_code eval
[401, 200, 200]



=== TEST 12: a refusal is an error in the log, and says no key
--- request eval
["GET $F0::base/models", "GET $F0::base/models"]
--- more_headers eval
["Authorization: Bearer guessed-key-12345", "Authorization: Basic eA=="]
--- error_code eval
[401, 401]
--- error_log eval
qr/\[error\].*f0 refused the request: 401/
--- no_error_log
[alert]



=== TEST 13: satisfy any: who comes by address is no refusal in the log
--- f0
satisfy any;
allow 127.0.0.1;
deny all;
--- request eval
"GET $F0::base/models"
--- no_key
--- error_code: 200
--- no_error_log
refused the request
[alert]



=== TEST 14: a key with a weight
--- user_files
>>> keys
anna key-of-anna-1234 weight=100  # a comment
bert key-of-bert-1234
--- config
location /weights/ {
    f0 on;
    f0_keys $TEST_NGINX_HTML_DIR/keys;
}
--- request
GET /weights/models
--- more_headers
Authorization: Bearer key-of-anna-1234
--- no_key
--- response_body_like: "object":"list"
--- error_code: 200



=== TEST 15: a weight that is none
--- user_files
>>> keys
anna key-of-anna-1234
bert key-of-bert-1234 weight=0
--- config
location /weights/ {
    f0 on;
    f0_keys $TEST_NGINX_HTML_DIR/keys;
}
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"weight=0" in line 2 of the file of "f0_keys": a weight is a number from 1 to 100/



=== TEST 16: a third word that is nothing
--- user_files
>>> keys
anna key-of-anna-1234 heavy
--- config
location /weights/ {
    f0 on;
    f0_keys $TEST_NGINX_HTML_DIR/keys;
}
--- must_die: 1
--- error_log eval
qr/\[emerg\].*line 1 of the file of "f0_keys" is no "key" or "name key \[weight=number\]"/
