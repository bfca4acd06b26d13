# Copyright (C) 2026 The f0 authors
#
# Request bodies: in memory, in a temporary file, chunked, too large, broken.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: a body that nginx spilled to a file
--- f0
client_body_buffer_size 1k;
--- request eval
"POST $F0::base/chat/completions\n"
. F0::chat_body("<<say>>" . ("x" x 100000))
--- more_headers
Content-Type: application/json
--- response_body_like: \[DONE\]
--- error_log: a client request body is buffered to a temporary file
--- error_code: 200



=== TEST 2: client_body_in_file_only
--- f0
client_body_in_file_only clean;
--- chat: <<say>>
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 3: a chunked body
--- raw_request eval
my $b = F0::chat_body("<<say>>");
"POST $F0::base/chat/completions HTTP/1.1\r\nHost: x\r\n"
. "Authorization: Bearer f0-test-key\r\nContent-Type: application/json\r\n"
. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
. join("", map { sprintf "%x\r\n%s\r\n", length $_, $_ }
       unpack "(A9)*", $b)
. "0\r\n\r\n"
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 4: a chunked body in a file
--- f0
client_body_buffer_size 1k;
--- raw_request eval
my $b = F0::chat_body("<<say>>" . ("x" x 20000));
"POST $F0::base/chat/completions HTTP/1.1\r\nHost: x\r\n"
. "Authorization: Bearer f0-test-key\r\nContent-Type: application/json\r\n"
. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
. join("", map { sprintf "%x\r\n%s\r\n", length $_, $_ }
       unpack "(A999)*", $b)
. "0\r\n\r\n"
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 5: larger than client_max_body_size
--- no_http2
--- f0
client_max_body_size 1k;
--- request eval
"POST $F0::base/chat/completions\n" . F0::chat_body("x" x 5000)
--- more_headers
Content-Type: application/json
--- response_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":[^,]*,"code":"request_too_large"
--- error_log: client intended to send too large body
--- error_code: 413



=== TEST 6: chunked and larger
--- f0
client_max_body_size 1k;
--- raw_request eval
"POST $F0::base/chat/completions HTTP/1.1\r\nHost: x\r\n"
. "Authorization: Bearer f0-test-key\r\nContent-Type: application/json\r\n"
. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
. sprintf("%x\r\n%s\r\n0\r\n\r\n", 5000, "x" x 5000)
--- response_headers
Content-Type: application/json
--- response_body_like: "code":"request_too_large"
--- error_code: 413



=== TEST 7: an empty body
--- request eval
"POST $F0::base/chat/completions"
--- more_headers
Content-Type: application/json
Content-Length: 0
--- response_body_like: "type":"invalid_request_error"
--- error_code: 400



=== TEST 8: not JSON; the reason is in the log, the body is not
--- request eval
"POST $F0::base/chat/completions\n{\"model\":\"topsecret\",,"
--- more_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error"
--- error_code: 400



=== TEST 9: a wrong member is named
--- request eval
"POST $F0::base/chat/completions\n{\"model\":\"f0-code-agent\",\"messages\":[]}"
--- more_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":"messages","code":"empty_array"
--- error_code: 400



=== TEST 10: the connection is of use after each refusal
--- request eval
my $p = "POST $F0::base/chat/completions\n";
["$p\[]", $p . F0::chat_body("<<say>>"), "${p}nonsense",
 $p . F0::chat_body("<<say>>")]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/error/, qr/\[DONE\]/, qr/error/, qr/\[DONE\]/]
--- error_code eval
[400, 200, 400, 200]



=== TEST 11: an unknown model
--- request eval
my $b = F0::chat_body("<<say>>");
$b =~ s/f0-code-agent/other/;
"POST $F0::base/chat/completions\n$b"
--- more_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":"model","code":"model_not_found"
--- error_code: 404



=== TEST 12: Range and If-* headers cut nothing
--- chat: <<say>>
--- fields: "stream":false
--- more_headers
Range: bytes=0-9
If-None-Match: "x"
If-Modified-Since: Sat, 01 Aug 2026 00:00:00 GMT
--- response_body_like: "content":"Hello world"
--- error_code: 200
