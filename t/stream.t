# Copyright (C) 2026 The f0 authors
#
# A streamed answer: headers, chunks, end.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: role chunk, text, finish, [DONE]
--- chat: <<say>>
--- response_headers
Content-Type: text/event-stream; charset=utf-8
Cache-Control: no-cache, no-transform
X-Accel-Buffering: no
!Content-Length
!ETag
--- response_body
data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}]}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{"content":" world"},"logprobs":null,"finish_reason":null}]}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}

data: [DONE]

--- error_code: 200



=== TEST 2: usage only in a last chunk, only if asked for
--- chat: <<say?text=Hi&usage=11,3>>
--- fields: "stream":true,"stream_options":{"include_usage":true}
--- response_body
data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}

data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"f0-code-agent","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}

data: [DONE]

--- error_code: 200



=== TEST 3: every byte its own HTTP chunk of the provider
--- chat: <<say?size=1&text=one%20two%20%C3%A4%20%F0%9F%98%80>>
--- response_body_like eval
qr/"content":"one"\}.*"content":" two"\}.*"content":" \x{c3}\x{a4}"\}.*"content":" \x{f0}\x{9f}\x{98}\x{80}"\}.*data: \[DONE\]\n\n\z/s
--- error_code: 200



=== TEST 4: a provider that closes at the end instead of chunks
--- chat: <<say?frame=close>>
--- response_body_like: "content":"Hello"\}.*"finish_reason":"stop".*data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 5: a provider that gives a length
--- chat: <<say?frame=length>>
--- response_body_like: "content":"Hello"\}.*"finish_reason":"stop".*data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 6: two streams on one connection
--- request eval
my $b = F0::chat_body("<<say?text=again>>");
["POST $F0::base/chat/completions\n$b", "POST $F0::base/chat/completions\n$b"]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/again.*data: \[DONE\]\n\n\z/s, qr/again.*data: \[DONE\]\n\n\z/s]
--- error_code eval
[200, 200]



=== TEST 7: HTTP/1.0 gets the same bytes, without chunks
--- raw_request eval
my $b = F0::chat_body("<<say>>");
"POST $F0::base/chat/completions HTTP/1.0\r\nHost: x\r\n"
. "Authorization: Bearer $ENV{F0_TEST_KEY}\r\n"
. "Content-Type: application/json\r\nContent-Length: " . length($b)
. "\r\n\r\n$b"
--- response_headers
Content-Type: text/event-stream; charset=utf-8
!Transfer-Encoding
--- response_body_like: "content":"Hello"\}.*data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 8: gzip is never used, whatever gzip_types says
--- http
gzip on;
gzip_types *;
gzip_min_length 1;
gzip_proxied any;
--- chat: <<say>>
--- more_headers
Accept-Encoding: gzip, br, zstd
--- response_headers
!Content-Encoding
--- response_body_like: data: \[DONE\]\n\n\z
--- error_code: 200



=== TEST 9: limit_rate of the location does not stall the stream
--- f0
limit_rate 100;
--- chat: <<say?n=400>>
--- response_body_like: data: \[DONE\]\n\n\z
--- error_code: 200
--- timeout: 5
