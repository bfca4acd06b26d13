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
