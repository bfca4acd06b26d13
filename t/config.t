# Copyright (C) 2026 The f0 authors
#
# What nginx -t refuses, with file, line and reason.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;
use POSIX ();

our $up = 'f0_provider up openai /_f0/up/;';
our $model = 'f0_model m { mode chat; try up x; }';
our $internal = "location /_f0/up/ { internal;"
    . " include $F0::root/conf/f0_provider.conf;"
    . " proxy_pass http://127.0.0.1:1/; }";
our $on = 'location /api/ { f0 on; f0_keys env:F0_TEST_KEY; }';

POSIX::mkfifo("$ENV{TEST_NGINX_FOLDER}/fifo", 0600) or die $!;

run_tests();

__DATA__

=== TEST 1: a whole configuration that is right
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on $main::internal"
--- request
GET /api/models
--- response_body_like: "id":"m"
--- error_code: 200



=== TEST 2: f0 on without f0_keys
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; } $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*f0_keys/



=== TEST 3: an empty key
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys env:F0_NO_SUCH_NAME; } $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*F0_NO_SUCH_NAME/



=== TEST 4: a key file that is not there
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys /no/such/file; } $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*\/no\/such\/file/



=== TEST 5: a secret that is not set
--- bare
--- http_config
f0_secret a env:F0_NO_SUCH_NAME;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*F0_NO_SUCH_NAME/



=== TEST 6: an unknown dialect
--- bare
--- http_config
f0_provider up opnai /_f0/up/;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*unknown dialect "opnai".* in .*nginx.conf:\d+/



=== TEST 7: a provider twice
--- bare
--- http_config eval
"$main::up $main::up"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*duplicate provider "up"/



=== TEST 8: a model without try
--- bare
--- http_config eval
"$main::up f0_model m { mode chat; }"
--- config eval
"$main::on $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*model "m" has no "try"/



=== TEST 9: a model twice
--- bare
--- http_config eval
"$main::up $main::model $main::model"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*duplicate model "m"/



=== TEST 10: try names no provider
--- bare
--- http_config
f0_model m { mode chat; try nobody; }
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*unknown provider "nobody".* in .*nginx.conf:\d+/



=== TEST 11: an unknown mode
--- bare
--- http_config eval
"$main::up f0_model m { mode chatty; try up; }"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*unknown mode "chatty"/



=== TEST 12: an unknown directive in f0_model
--- bare
--- http_config eval
"$main::up f0_model m { mode chat; tri up; }"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*unknown directive "tri"/



=== TEST 13: a provider location that is not internal
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { include $F0::root/conf/f0_provider.conf;"
. " proxy_pass http://127.0.0.1:1/; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*internal/



=== TEST 14: f0_chunk_size 0
--- bare
--- http_config
--- config
location / { f0_chunk_size 0; }
--- must_die: 1
--- error_log eval
qr/\[emerg\].*value must be between 1 and 1048576/



=== TEST 15: a secret has no value where something is logged
--- http
f0_secret a env:F0_TEST_KEY;
log_format bad "[$f0_secret_a]";
--- f0
access_log logs/access.log bad;
add_header X-Secret "[$f0_secret_a]" always;
--- chat: <<say>>
--- response_headers
X-Secret: []
--- response_body_like: \[DONE\]
--- access_log
[-]
--- error_code: 200



=== TEST 16: a FIFO for keys does not hold up nginx
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys $ENV{TEST_NGINX_FOLDER}/fifo; }"
. " $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*fifo" is no file/



=== TEST 17: a control character in a key
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys $ENV{TEST_NGINX_HTML_DIR}/keys; } $main::internal"
--- user_files eval
">>> keys\nanna key-of-\0anna\n"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*the key "anna" of "f0_keys" holds a control character/



=== TEST 18: keys that can be guessed, files for everybody, a mark of UTF-8
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys $ENV{TEST_NGINX_HTML_DIR}/keys; } $main::internal"
--- user_files eval
">>> keys\n\xEF\xBB\xBFk1\n"
--- request
GET /api/models
--- more_headers
Authorization: Bearer k1
--- error_code: 200
--- error_log eval
[qr/\[warn\].*the key "key1" of "f0_keys" has only 2 characters/,
 qr/\[warn\].*everybody on this machine may read ".*keys"/]



=== TEST 19: a model without try, told where it begins
--- bare
--- http_config eval
"$main::up
f0_model m {

    mode chat;
}
"
--- config eval
"$main::on $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*model "m" has no "try" in .*nginx.conf:\d+/



=== TEST 20: the location / for a provider
--- bare
--- http_config eval
"f0_provider up openai \/;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*location "\/" of f0_provider "up" would take all other locations/



=== TEST 21: f0 on in a named location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location \@x { f0 on; f0_keys off; } $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0" directive can't be in a named location/



=== TEST 22: return in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; return 404; proxy_pass http://127.0.0.1:1/; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*location "\/_f0\/up\/" of f0_provider "up" says "return"/



=== TEST 23: fastcgi_pass in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; fastcgi_pass 127.0.0.1:1; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*must have "proxy_pass", f0 can't use ngx_http_fastcgi_module/



=== TEST 24: uwsgi_pass in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; uwsgi_pass 127.0.0.1:1; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*must have "proxy_pass", f0 can't use ngx_http_uwsgi_module/



=== TEST 25: scgi_pass in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; scgi_pass 127.0.0.1:1; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*must have "proxy_pass", f0 can't use ngx_http_scgi_module/



=== TEST 26: grpc_pass in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; grpc_pass 127.0.0.1:1; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*must have "proxy_pass", f0 can't use ngx_http_grpc_module/



=== TEST 27: memcached_pass in a provider's location
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; memcached_pass 127.0.0.1:1; }"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*must have "proxy_pass", f0 can't use ngx_http_memcached_module/



=== TEST 28: f0_keepalive 0
--- bare
--- http_config eval
"f0_keepalive 0;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_keepalive" directive must be above 0/



=== TEST 29: f0_turn_timeout 0
--- bare
--- http_config eval
"f0_turn_timeout 0;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_turn_timeout" directive must be above 0/



=== TEST 30: f0_idle_timeout 0
--- bare
--- http_config eval
"f0_idle_timeout 0;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_idle_timeout" directive must be above 0/



=== TEST 31: f0_first_byte_timeout 0
--- bare
--- http_config eval
"f0_first_byte_timeout 0;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_first_byte_timeout" directive must be above 0/



=== TEST 32: return beside f0 on
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys off; return 200; } $main::internal"
--- request
GET /none
--- error_code: 404
--- error_log eval
qr/\[warn\].*"f0 on" does nothing in location "\/api\/", which says "return", in .*nginx.conf:\d+/



=== TEST 33: error_page beside f0 on
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"location /api/ { f0 on; f0_keys off; error_page 404 /x; } $main::internal"
--- request
GET /none
--- error_code: 404
--- error_log eval
qr/\[warn\].*"error_page" does nothing in location "\/api\/"/



=== TEST 34: a provider's location without the include's time-out
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; proxy_pass http://127.0.0.1:1/; }"
--- request
GET /none
--- error_code: 404
--- error_log eval
qr/\[warn\].*proxy_read_timeout of 60000 ms in location "\/_f0\/up\/"/



=== TEST 35: what is right is not warned of
--- server
error_page 404 /x;
--- chat: <<say>>
--- response_body_like: \[DONE\]
--- no_error_log
[warn]
[emerg]



=== TEST 36: a word that "fim" does not know
--- bare
--- http_config eval
"$main::up f0_model m { mode fim; try up x fim=middle; }"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*unknown word "middle" in "fim", it must be suffix, infill, qwen, .* or stable-code/



=== TEST 37: a middle of a provider that has no completions
--- bare
--- http_config eval
"f0_provider a anthropic /_f0/up/; f0_model m { try a x fim=qwen; }"
--- config eval
"$main::on $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*model "m": a middle can't be asked of "a" in that way/



=== TEST 38: a * that is not the end of an id
--- bare
--- http_config eval
"$main::up f0_model a*b { try up x; }"
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*model "a\*b": "\*" may only be the last character of an id/



=== TEST 39: HTTP/2 to a provider
--- bare
--- http_config eval
"$main::up $main::model"
--- config eval
"$main::on location /_f0/up/ { internal; proxy_http_version 2; proxy_pass http://127.0.0.1:1/; }"
--- must_die: 1
--- error_log eval
# nginx takes it since 1.29.4
qr/\[emerg\].*(?:"proxy_http_version 2", which f0 can't use|invalid value "2")/



=== TEST 40: f0_drain_timeout 0
--- bare
--- http_config eval
"f0_drain_timeout 0;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_drain_timeout" directive must be above 0/



=== TEST 41: f0_drain_timeout off, twice
--- bare
--- http_config eval
"f0_drain_timeout off; f0_drain_timeout 1s;"
--- config eval
""
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_drain_timeout" directive is duplicate/



=== TEST 42: f0_drain_timeout off
--- server
f0_drain_timeout off;
--- chat: <<say>>
--- response_body_like: \[DONE\]
