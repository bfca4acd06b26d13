# Copyright (C) 2026 The f0 authors
#
# $f0_* variables, in an access log.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

our $format = 'log_format f0 "<$f0_key|$f0_model|$f0_provider|$f0_mode|'
    . '$f0_prompt_tokens/$f0_completion_tokens/$f0_cached_tokens|$f0_usage|'
    . '$f0_calls|$f0_chunks|$f0_patches|$f0_end|$f0_ttft>";';

add_block_preprocessor(sub {
    my $block = shift;
    return if defined $block->bare;
    $block->set_value("http_config",
                      "$main::format\n" . $block->http_config);
    $block->set_value("config", "access_log logs/access.log f0;\n"
                                . $block->config);
});

run_tests();

__DATA__

=== TEST 1: a stream
--- chat: <<say?usage=11,3>>
--- response_body_like: \[DONE\]
--- access_log eval
qr/<[^|]+\|f0-code-agent\|up\|[a-z]+\|11\/3\/(0|-)\|provider\|1\|\d+\|0\|done\|[0-9.]+>/
--- error_code: 200



=== TEST 2: stream false
--- chat: <<say?usage=11,3>>
--- fields: "stream":false
--- response_body_like: Hello
--- access_log eval
qr/<[^|]+\|f0-code-agent\|up\|[a-z]+\|11\/3\/(0|-)\|provider\|1\|\d+\|0\|done\|/
--- error_code: 200



=== TEST 3: a provider's error
--- chat: <<error?status=500>>
--- response_body_like: upstream_error
--- access_log eval
qr/\|upstream_error\|/
--- error_code: 502



=== TEST 4: a truncated stream
--- chat: <<say?text=one%20two&stop=1&stopped=close>>
--- response_body_like: stream_truncated
--- access_log eval
qr/\|upstream_truncated\|/
--- error_code: 200



=== TEST 5: no key: no name, nothing else
--- request eval
"GET $F0::base/models"
--- no_key
--- response_body_like: invalid_api_key
--- access_log eval
qr/<-?\|-?\|-?\|-?\|/
--- error_code: 401



=== TEST 6: outside f0 they are empty
--- config
location = /plain { return 200 "[$f0_model][$f0_end]\n"; }
--- request
GET /plain
--- response_body
[][]
--- error_code: 200



=== TEST 7: limit_conn by $f0_key and map by $f0_model work
--- http
limit_conn_zone $f0_key zone=keys:1m;
map $f0_model $wanted { default 1; }
--- f0
limit_conn keys 10;
--- chat: <<say>>
--- response_body_like: \[DONE\]
--- error_code: 200



=== TEST 100: a client's words write no header, neither way
--- up
proxy_set_header X-Project "<$f0_project>";
proxy_set_header X-Model "<$f0_model>";
--- f0
add_header X-Project "<$f0_project>";
--- config
location = /asked {
    proxy_pass http://f0_up/control/requests?id=v100;
}
--- request eval
my @p = ("web\\r\\nX-Evil: 1", "web\\u0000", "web\\u007f", "x" x 257, "web 1");
[(map { "POST $F0::base/chat/completions\n"
        . F0::chat_body("<<say?id=v100>>", qq("projectId":"$_")) } @p),
 "GET /asked"]
--- more_headers
Content-Type: application/json
--- response_headers eval
[("X-Evil: \nX-Project: <>") x 4, "X-Project: <web 1>", ""]
--- response_body_filters eval
sub { my $b = shift; join " ", $b =~ /"X-Project", "[^"]*"|X-Evil/g }
--- response_body_like eval
[("") x 5, qr/\A("X-Project", "<>" ){4}"X-Project", "<web 1>"\z/]
--- error_code eval
[(200) x 6]
