# Copyright (C) 2026 The f0 authors
#
# Headers by which a provider could make nginx do something.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: X-Accel-Redirect
--- config
location /secret/ { internal; return 200 'the secret'; }
--- chat: <<say?header=X-Accel-Redirect:%20/secret/file>>
--- response_headers
!X-Accel-Redirect
--- response_body_like: "content":"Hello".*\[DONE\]\n\n\z
--- response_body_unlike: the secret
--- error_code: 200



=== TEST 2: X-Accel-Redirect although the operator's location forgot the include
--- bare
--- http_config
f0_provider up openai /_f0/up/;
f0_model f0-code-agent { mode chat; try up m; }
--- config eval
"
location $F0::base/ {
    f0 on;
    f0_keys env:F0_TEST_KEY;
}
location /secret/ { internal; return 200 'the secret'; }
location /_f0/up/ {
    internal;
    proxy_pass http://127.0.0.1:\$TEST_NGINX_PROVIDER_PORT/;
}
"
--- chat: <<say?header=X-Accel-Redirect:%20/secret/file&header=X-Accel-Limit-Rate:%2010>>
--- response_body_like: "content":"Hello".*\[DONE\]\n\n\z
--- response_body_unlike: the secret
--- error_code: 200



=== TEST 3: X-Accel-Limit-Rate
--- chat: <<say?n=500&header=X-Accel-Limit-Rate:%2010>>
--- response_body_like: \[DONE\]\n\n\z
--- error_code: 200
--- timeout: 5



=== TEST 4: X-Accel-Buffering
--- chat: <<say?header=X-Accel-Buffering:%20yes>>
--- response_headers
X-Accel-Buffering: no
--- response_body_like: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 5: X-Accel-Charset
--- chat: <<say?header=X-Accel-Charset:%20koi8-r>>
--- response_headers
Content-Type: text/event-stream; charset=utf-8
--- response_body_like: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 6: X-Accel-Expires, Set-Cookie, Server, Date and others stay behind
--- chat: <<say?header=X-Accel-Expires:%2010&header=Set-Cookie:%20a%3Db&header=X-Secret:%20s&header=Refresh:%200&header=Content-Encoding:%20identity&header=ETag:%20%22x%22>>
--- response_headers
!X-Accel-Expires
!Set-Cookie
!X-Secret
!Refresh
!ETag
--- response_body_like: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 7: the same on an error
--- config
location /secret/ { internal; return 200 'the secret'; }
--- chat: <<error?status=429&header=X-Accel-Redirect:%20/secret/file&header=Set-Cookie:%20a%3Db&header=WWW-Authenticate:%20Basic>>
--- response_headers
!Set-Cookie
!WWW-Authenticate
--- response_body_like: rate_limit_exceeded
--- response_body_unlike: the secret
--- error_code: 429



=== TEST 8: proxy_intercept_errors and error_page of the operator
--- http
proxy_intercept_errors on;
error_page 429 500 502 503 /page.html;
--- chat: <<error?status=429>>
--- response_headers
Content-Type: application/json
--- response_body_like: rate_limit_exceeded
--- error_code: 429
