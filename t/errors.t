# Copyright (C) 2026 The f0 authors
#
# What the provider answers instead of a stream, as the client is told of it.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: 400 keeps its status, type and code
--- chat: <<error?status=400&code=odd_word&message=too%20odd>>
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":\{"message":"too odd","type":"invalid_request_error","param":null,"code":"odd_word"\}\}\s*\z
--- error_code: 400



=== TEST 2: too long a context
--- chat: <<error?status=400&code=context_length_exceeded>>
--- response_body_like: "type":"invalid_request_error","param":null,"code":"context_length_exceeded"
--- error_code: 400



=== TEST 3: 401 of the provider is the operator's affair
--- chat: <<error?status=401&message=bad%20key%20sk-123>>
--- response_headers
x-should-retry: false
--- response_body_like: "type":"server_error","param":null,"code":"upstream_error"
--- response_body_unlike: sk-123
--- error_code: 502



=== TEST 4: 403
--- chat: <<error?status=403>>
--- response_headers
x-should-retry: false
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 5: 404
--- chat: <<error?status=404>>
--- response_headers
x-should-retry: false
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 6: 422
--- chat: <<error?status=422&code=odd_word>>
--- response_body_like: "type":"invalid_request_error","param":null,"code":"odd_word"
--- error_code: 422



=== TEST 7: 429 with its headers
--- chat: <<error?status=429&header=Retry-After:%207&header=x-ratelimit-remaining-requests:%200>>
--- response_headers
Retry-After: 7
x-ratelimit-remaining-requests: 0
!x-should-retry
--- response_body_like: "type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"
--- error_code: 429



=== TEST 8: 503 with Retry-After
--- chat: <<error?status=503&header=Retry-After:%203>>
--- response_headers
Retry-After: 3
--- response_body_like: "type":"server_error","param":null,"code":"overloaded"
--- error_code: 503



=== TEST 9: 529
--- chat: <<error?status=529>>
--- response_body_like: "code":"overloaded"
--- error_code: 503



=== TEST 10: 504
--- chat: <<error?status=504>>
--- response_body_like: "type":"server_error","param":null,"code":"upstream_timeout"
--- error_code: 504



=== TEST 11: 500
--- chat: <<error?status=500>>
--- response_body_like: "type":"server_error","param":null,"code":"upstream_error"
--- error_code: 502



=== TEST 12: 302 is not followed
--- chat: <<error?status=302&header=Location:%20http%3A%2F%2F127.0.0.1%3A1%2F>>
--- response_headers
!Location
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 13: an error with stream false
--- chat: <<error?status=429>>
--- fields: "stream":false
--- response_body_like: "code":"rate_limit_exceeded"
--- error_code: 429



=== TEST 14: closed without an answer
--- chat: <<drop>>
--- response_body_like: "type":"server_error","param":null,"code":"upstream_error"
--- error_code: 502



=== TEST 15: reset without an answer
--- chat: <<drop?how=reset>>
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 16: no HTTP
--- chat: <<garbage>>
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 17: nobody listens
--- up
proxy_pass http://127.0.0.1:1/;
--- chat: <<say>>
--- response_headers
Content-Type: application/json
--- response_body_like: "code":"upstream_error"
--- error_code: 502



=== TEST 18: HTML instead of an answer
--- chat: <<raw?file=t/lib/page.html&type=text/html>>
--- response_headers
Content-Type: application/json
--- response_body_like: "code":"upstream_error"
--- response_body_unlike: <html
--- error_code: 502



=== TEST 19: nginx's own time-out before the head
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
location /_f0/up/ {
    internal;
    proxy_pass http://127.0.0.1:\$TEST_NGINX_PROVIDER_PORT/;
    proxy_read_timeout 300ms;
}
"
--- chat: <<say?wait=5000>>
--- response_body_like: "code":"upstream_timeout"
--- error_code: 504



=== TEST 20: the connection is of use after an error
--- request eval
my $a = F0::chat_body("<<error?status=400>>");
my $b = F0::chat_body("<<say?text=fine>>");
["POST $F0::base/chat/completions\n$a", "POST $F0::base/chat/completions\n$b"]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/invalid_request_error/, qr/fine.*\[DONE\]/s]
--- error_code eval
[400, 200]



=== TEST 21: others' words stay within their line of the log
--- request eval
my $c = F0::chat_body("<<error?status=400&code=a%250AFORGED%251b[31m>>");
["GET $F0::base/x%0aFORGED%1b",
 "POST $F0::base/chat/completions\n"
 . F0::chat_body("<<say>>", qq("metadata":{"a\\nFORGED":1})),
 "POST $F0::base/chat/completions\n" . $c]
--- more_headers
Content-Type: application/json
--- error_code eval
[404, 400, 400]
--- log_level: info
--- error_log: FORGED
--- no_error_log eval
[qr/^(?!\d{4}\/\d\d\/\d\d ).*FORGED/, qr/f0 (?:refused|answers)[^\n]*\x1b/]



=== TEST 22: the error of a path that is no UTF-8 is JSON
--- request eval
"GET $F0::base/%ff%fex" . ("%c3%a9" x 150)
--- response_body_filters eval
sub { my $b = shift; eval { JSON::PP->new->utf8->decode($b); 1 }
      && utf8::decode($b) ? "valid" : "broken" }
--- response_body: valid
--- error_code: 404



=== TEST 23: a finish word that nobody knows is a stop, and is logged
--- chat: <<say?finish=gone_fishing>>
--- response_body_like: "finish_reason":"stop".*data: \[DONE\]\n\n\z
--- error_code: 200
--- error_log
f0 doesn't know the finish word "gone_fishing" of provider "up"



=== TEST 24: one that tells a failure is an error
--- chat: <<say?n=0&finish=network_error>>
--- response_body_like: upstream finished with network_error.*"code":"upstream_error"
--- error_code: 502



=== TEST 25: a secret of the operator's in a provider's words
--- http
f0_secret up env:F0_TEST_KEY;
--- chat: <<error?status=400&message=bad%20f0-test-key%20here>>
--- response_body_like: bad [^"]*here
--- response_body_unlike: f0-test-key
--- error_code: 400



=== TEST 30: proxy_pass without a "/": told once, at the first 404
--- up
proxy_pass http://f0_up;
--- config
location = /told {
    default_type text/plain;
    alias logs/error.log;
}
--- request eval
my $b = F0::chat_body("<<error?status=404&id=e30>>");
[("POST $F0::base/chat/completions\n$b") x 2, "GET /told"]
--- more_headers
Content-Type: application/json
--- response_body_filters eval
sub {
    my $b = shift;
    my $line = qr/\[error\][^\n]*asked for "\/_f0\/up\/v1\/chat\/completions" /;
    my $n = () = $b =~ /$line[^\n]*lack a "\/"/g;
    return $b =~ /\A\{/ ? $b : "told $n";
}
--- response_body_like eval
[qr/upstream_error/, qr/upstream_error/, qr/told 1/]
--- error_code eval
[502, 502, 200]
