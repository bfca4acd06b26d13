# Copyright (C) 2026 The f0 authors
#
# GET models and models/{id}.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: the list
--- http_config
f0_model other/with-slash { mode chat; try up; }
f0_model * { mode proxy; try up; }
--- request eval
"GET $F0::base/models"
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"object":"list","data":\[\{"id":"f0-code-agent","object":"model","created":\d+,"owned_by":"[^"]+".*\},\{"id":"other/with-slash".*\]\}\s*\z
--- error_code: 200



=== TEST 2: one model, trailing slash and query
--- request eval
["GET $F0::base/models/f0-code-agent", "GET $F0::base/models/?x=1",
 "GET $F0::base/models/f0-code-agent/"]
--- response_body_like eval
[qr/\A\{"id":"f0-code-agent","object":"model"/, qr/"object":"list"/,
 qr/\A\{"id":"f0-code-agent"/]
--- error_code eval
[200, 200, 200]



=== TEST 3: an unknown one
--- request eval
"GET $F0::base/models/none"
--- response_body_like: "type":"invalid_request_error","param":"model","code":"model_not_found"
--- error_code: 404



=== TEST 4: the name in "try" goes upstream, the client's name comes back
--- model
mode chat;
try up real/model-7b;
--- chat: <<say?id=m4>>
--- fields: "stream":false
--- response_body_like: "model":"f0-code-agent"
--- error_code: 200



=== TEST 5: f0_model * sends the client's name
--- http_config
f0_model * { mode proxy; try up; }
--- request eval
my $b = F0::chat_body("<<say>>", "\"stream\":false");
$b =~ s/f0-code-agent/any-name/;
"POST $F0::base/chat/completions\n$b"
--- more_headers
Content-Type: application/json
--- response_body_like: "model":"any-name"
--- error_code: 200



=== TEST 6: an id with * at its end takes what begins so
--- http_config
f0_model vendor/* { mode proxy; try up; }
f0_model vendor/big-* { mode proxy; try up real; }
--- request eval
my $b = F0::chat_body("<<say?id=m6>>", "\"stream\":false");
$b =~ s/f0-code-agent/vendor\/small/;
"POST $F0::base/chat/completions\n$b"
--- more_headers
Content-Type: application/json
--- response_body_like: "model":"vendor/small"
--- error_code: 200



=== TEST 7: and is not in the list
--- http_config
f0_model vendor/* { mode proxy; try up; }
--- request eval
"GET $F0::base/models"
--- response_body_unlike: vendor
--- error_code: 200
