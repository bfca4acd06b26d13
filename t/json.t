# Copyright (C) 2026 The f0 authors
#
# Whole answers: stream false, and complete answers that are streamed on.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: stream false
--- chat: <<say>>
--- fields: "stream":false
--- response_headers
Content-Type: application/json
!Transfer-Encoding
--- response_body_like: \A\{"id":"ID","object":"chat.completion","created":0,"model":"f0-code-agent","choices":\[\{"index":0,"message":\{"role":"assistant","content":"Hello world".*"finish_reason":"stop"\}\],"usage":\{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9
--- error_code: 200



=== TEST 2: stream absent is stream false
--- chat: <<say>>
--- fields:
--- response_headers
Content-Type: application/json
--- response_body_like: "content":"Hello world"
--- error_code: 200



=== TEST 3: the provider streams though JSON was asked for... it is told apart
--- chat: <<raw?file=t/lib/hello.sse>>
--- fields: "stream":false
--- response_headers
Content-Type: application/json
--- response_body_like: "content":"Hello"
--- error_code: 200



=== TEST 4: a complete answer is streamed in pieces of 80 characters
--- chat eval
"<<json?text=" . ("%C3%A4" x 200) . ">>"
--- response_headers
Content-Type: text/event-stream; charset=utf-8
--- response_body_filters eval
sub { join ",", map { length($_) / 2 } $_[0] =~ /"content":"([^"]*)"/g }
--- response_body chomp
0,80,80,40
--- error_code: 200



=== TEST 5: f0_chunk_size
--- f0
f0_chunk_size 7;
--- chat: <<json?text=abcdefghijklmnop>>
--- response_body_filters eval
sub { join ",", $_[0] =~ /"content":"([^"]*)"/g }
--- response_body chomp
,abcdefg,hijklmn,op
--- error_code: 200



=== TEST 6: stream=pieces asks the provider for a complete answer
--- model
mode chat;
try up up-model stream=pieces:5;
--- chat: <<say?text=abcdefghijk>>
--- response_body_filters eval
sub { join ",", $_[0] =~ /"content":"([^"]*)"/g }
--- response_body chomp
,abcde,fghij,k
--- error_code: 200



=== TEST 20: raw: the answer is JSON, whatever its provider calls it
--- model
mode raw;
try up up-model;
--- user_files
>>> answer.json
{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"<script>"},"finish_reason":"stop"}]}
--- request eval
"POST $F0::base/chat/completions\n"
. F0::chat_body("<<raw?type=text/html;x=%250b1&file="
                . "$ENV{TEST_NGINX_HTML_DIR}/answer.json>>", "")
--- more_headers
Content-Type: application/json
--- response_headers
Content-Type: application/json
X-Content-Type-Options: nosniff
--- response_body_like: <script>
--- error_code: 200
