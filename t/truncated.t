# Copyright (C) 2026 The f0 authors
#
# A provider that stops in the middle is told, never glossed over.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: closed in the stream
--- chat: <<say?text=one%20two&stop=1&stopped=close>>
--- response_body_like: "content":"one".*data: \{"error":\{"message":"[^"]*","type":"server_error","param":null,"code":"stream_truncated"\}\}\n\ndata: \[DONE\]\n\n\z
--- response_body_unlike: "finish_reason":"
--- error_code: 200



=== TEST 2: reset in the stream
--- chat: <<say?text=one%20two&stop=1&stopped=reset>>
--- response_body_like: "content":"one".*"code":"stream_truncated".*data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 3: a close-delimited stream without its end
--- chat: <<say?text=one%20two&stop=1&stopped=close&frame=close>>
--- response_body_like: "content":"one".*"code":"stream_truncated".*data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 4: cut before the first token it is still an HTTP error
--- chat: <<say?stop=0&stopped=close>>
--- response_headers
Content-Type: application/json
--- response_body_like: "code":"stream_truncated"
--- error_code: 502



=== TEST 5: with stream false
--- chat: <<say?stopped=close>>
--- fields: "stream":false
--- response_body_like: "code":"stream_truncated"
--- error_code: 502



=== TEST 6: silence in the stream, nginx's own time-out
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
--- chat: <<say?text=one%20two&stop=1>>
--- response_body_like: "content":"one".*data: \{"error":.*data: \[DONE\]\n\n\z
--- response_body_unlike: "finish_reason":"
--- error_code: 200



=== TEST 7: only [DONE]
--- chat: <<raw?file=t/lib/done.sse>>
--- response_body_like: "code":"empty_stream"
--- error_code: 502



=== TEST 8: it goes on with the next request on the same connection
--- request eval
my $a = F0::chat_body("<<say?text=one%20two&stop=1&stopped=close>>");
my $b = F0::chat_body("<<say?text=fine>>");
["POST $F0::base/chat/completions\n$a", "POST $F0::base/chat/completions\n$b"]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/stream_truncated/, qr/fine.*\[DONE\]/s]
--- error_code eval
[200, 200]
