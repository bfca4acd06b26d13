# Copyright (C) 2026 The f0 authors
#
# Shared memory and the health of providers: what nginx -t refuses.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

our $up = 'f0_provider up openai /_f0/up/;';
our $model = 'f0_model m { mode chat; try up x; }';
our $internal = "location /_f0/up/ { internal;"
    . " include $F0::root/conf/f0_provider.conf;"
    . " proxy_pass http://127.0.0.1:1/; }";
our $on = 'location /api/ { f0 on; f0_keys env:F0_TEST_KEY; }';
our $many = join(' ', map { "f0_provider p$_ openai /_f0/up/;" } 1 .. 200);

run_tests();

__DATA__

=== TEST 1: what is right
--- bare
--- http_config eval
"f0_zone f0:1m; $main::model" =~ s/f0_model/f0_provider up openai \/_f0\/up\/ path=v1\/x fails=128 cool=500ms; f0_model/r
--- config eval
"$main::on $main::internal"
--- request
GET /api/models
--- response_body_like: "id":"m"
--- error_code: 200



=== TEST 2: a zone without a size
--- bare
--- http_config
f0_zone f0;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*a zone is "name:size", "f0" is none in .*nginx.conf:\d+/



=== TEST 3: a zone without a name
--- bare
--- http_config
f0_zone :1m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*a zone is "name:size", ":1m" is none/



=== TEST 4: a size that is none
--- bare
--- http_config
f0_zone f0:much;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*invalid size "much" of zone "f0"/



=== TEST 5: a zone that nothing fits into
--- bare
--- http_config
f0_zone f0:4k;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*zone "f0" is too small, the least is \d+ bytes/



=== TEST 6: a zone that is too small for the providers
--- bare
--- http_config eval
"f0_zone f0:32k; $main::many f0_model m { try p1 x; }"
--- config eval
"$main::on $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*f0_zone "f0" of 32768 bytes is too small for 200 providers in .*nginx.conf:\d+/



=== TEST 7: two zones
--- bare
--- http_config
f0_zone f0:1m;
f0_zone other:1m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_zone" directive is duplicate/



=== TEST 8: a zone of somebody else's
--- bare
--- http_config
limit_req_zone $uri zone=f0:1m rate=1r/s;
f0_zone f0:1m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0" is already declared for a different use/



=== TEST 9: failures that nobody could count
--- bare
--- http_config
f0_provider up openai /_f0/up/ fails=0;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"fails" must be a number from 1 to 128/



=== TEST 10: a time that is none
--- bare
--- http_config
f0_provider up openai /_f0/up/ cool=soon;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"cool" must be a time above 0/



=== TEST 11: a parameter that is not known
--- bare
--- http_config
f0_provider up openai /_f0/up/ fail=3;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*invalid parameter "fail=3"/



=== TEST 12: limits that are right
--- bare
--- http_config eval
"$main::up $main::model f0_zone f0:1m; f0_turns 8 queue=4 wait=5s; f0_limit_zone \$f0_key zone=team:1m; f0_limit zone=team concurrent=2;"
--- config eval
"$main::on $main::internal location /api/two/ { f0 on; f0_keys off; f0_limit zone=team concurrent=1 queue=9; }"
--- request
GET /api/models
--- response_body_like: "id":"m"
--- error_code: 200



=== TEST 13: f0_turns without a zone
--- bare
--- http_config eval
"$main::up $main::model f0_turns 8;"
--- config eval
"$main::on $main::internal"
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_turns" needs "f0_zone"/



=== TEST 14: no turns at all
--- bare
--- http_config
f0_turns 0;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*invalid number in "0", it must be from 1 to 100000/



=== TEST 15: a limit of a zone that is not there
--- bare
--- http_config
f0_limit zone=team concurrent=2;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_limit" knows no zone "team"/



=== TEST 16: a limit of nothing
--- bare
--- http_config
f0_limit_zone $f0_key zone=team:1m;
f0_limit zone=team queue=2;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_limit" directive must have "zone=name" and "concurrent=number"/



=== TEST 17: what is not there yet is no limit
--- bare
--- http_config
f0_limit_zone $f0_key zone=team:1m;
f0_limit zone=team concurrent=2 requests=60/m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"requests=" is not supported yet, only "concurrent="/



=== TEST 18: a zone of limits twice
--- bare
--- http_config
f0_limit_zone $f0_key zone=team:1m;
f0_limit_zone $f0_model zone=team:1m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*zone "team" is already declared/



=== TEST 19: one zone in two limits of a place
--- bare
--- http_config
f0_limit_zone $f0_key zone=team:1m;
f0_limit zone=team concurrent=2;
f0_limit zone=team concurrent=3;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0_limit" directive limits this zone here already/



=== TEST 20: a state that would not be kept
--- bare
--- http_config
f0_limit_zone $f0_key zone=team:1m state=team.state;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"state=" is not supported yet/



=== TEST 21: a zone for two purposes
--- bare
--- http_config
f0_zone f0:1m;
f0_limit_zone $f0_key zone=f0:1m;
--- config
--- must_die: 1
--- error_log eval
qr/\[emerg\].*"f0" is already declared for a different use/
