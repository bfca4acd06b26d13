# Copyright (C) 2026 The f0 authors
#
# What a provider is not told of a request: the header x-f0-dropped, $f0_dropped
# and f0_strict.  The provider "ol" speaks Ollama's API, which knows no user.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

add_block_preprocessor(sub {
    my $block = shift;
    return if defined $block->bare;
    $block->set_value("http", "f0_provider ol ollama /_f0/ol/;\n"
        . "log_format f0 '<\$f0_dropped|\$f0_end>';\n" . ($block->http // ""));
    $block->set_value("server", "access_log logs/access.log f0;\n"
        . "location /_f0/ol/ { internal; include $F0::root/conf/f0_provider.conf;"
        . " proxy_pass http://f0_up/; }\n" . ($block->server // ""));
});

run_tests();

__DATA__

=== TEST 1: a stream
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"user":"u","stop":["X"],"next_year":{"a":1}
--- response_headers
Content-Type: text/event-stream; charset=utf-8
x-f0-dropped: user, next_year
--- response_body_like: Hello.*\[DONE\]
--- access_log
<user, next_year|done>
--- error_code: 200



=== TEST 2: a whole answer
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "user":"u"
--- response_headers
Content-Type: application/json
x-f0-dropped: user
--- response_body_like: Hello world
--- error_code: 200



=== TEST 3: an error of the provider
--- model: try ol up-model;
--- chat: <<error?status=400>>
--- fields: "user":"u"
--- response_headers
x-f0-dropped: user
--- error_code: 400



=== TEST 4: nothing is dropped
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"seed":7
--- response_headers
!x-f0-dropped
--- access_log
<-|done>
--- error_code: 200



=== TEST 5: a provider of the same API is told all
--- chat: <<say>>
--- fields: "stream":true,"user":"u","next_year":1
--- response_headers
!x-f0-dropped
--- error_code: 200



=== TEST 6: so it is in mode raw
--- model: mode raw; try up up-model;
--- chat: <<say>>
--- fields: "stream":true,"user":"u","next_year":1
--- response_headers
!x-f0-dropped
--- error_code: 200



=== TEST 7: it is what the try that answers is not told
--- model: try ol up-model; try up up-model;
--- chat: <<say>>
--- fields: "user":"u"
--- response_headers
x-f0-dropped: user
--- error_code: 200



=== TEST 8: and not what the one before was not
--- http
f0_provider away ollama /_f0/away/;
--- server
location /_f0/away/ {
    internal;
    include $TEST_NGINX_F0_ROOT/conf/f0_provider.conf;
    proxy_pass http://127.0.0.1:1/;
}
--- model: try away up-model; try up up-model;
--- chat: <<say>>
--- fields: "user":"u"
--- response_headers
!x-f0-dropped
--- error_code: 200



=== TEST 9: a name that a header cannot hold
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"a\r\nSet-Cookie: b, c":1
--- response_headers
x-f0-dropped: a%0D%0ASet-Cookie:%20b%2C%20c
!Set-Cookie
--- error_code: 200



=== TEST 10: many are counted
--- model: try ol up-model;
--- chat: <<say>>
--- fields eval
join ",", '"stream":true', map { "\"a_member_of_some_length_$_\":1" } 1 .. 200
--- response_headers_like
x-f0-dropped: a_member_of_some_length_1, .*, \+\d+ more
--- error_code: 200



=== TEST 11: f0_strict
--- model: try ol up-model;
--- f0
f0_strict on;
--- chat: <<say>>
--- fields: "stream":true,"user":"u","next_year":1
--- response_body_like: "param":"user","code":"unsupported_parameter"
--- response_headers
!x-f0-dropped
--- access_log
<-|refused>
--- error_code: 400



=== TEST 12: f0_strict, inherited, and nothing to drop
--- http
f0_strict on;
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"seed":7
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 13: f0_strict off within it
--- http
f0_strict on;
--- f0
f0_strict off;
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"user":"u"
--- response_headers
x-f0-dropped: user
--- error_code: 200



=== TEST 14: f0_strict: the next line of try can tell it all
--- f0
f0_strict on;
--- model: try ol up-model; try up up-model;
--- chat: <<say>>
--- fields: "stream":true,"user":"u"
--- response_headers
!x-f0-dropped
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 15: pages of other origins may read it
--- f0
f0_cors *;
--- model: try ol up-model;
--- chat: <<say>>
--- fields: "stream":true,"user":"u"
--- more_headers
Origin: https://example.test
--- response_headers_like
Access-Control-Expose-Headers: .*x-f0-dropped.*
--- error_code: 200
