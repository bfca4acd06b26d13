# Copyright (C) 2026 The f0 authors
#
# Other modules of nginx: their subrequests in f0's locations, other requests in
# a provider's, what was set for a request in the provider's location.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

run_tests();

__DATA__

=== TEST 1: mirror into an f0 location, a body that comes in pieces
--- config
location /shadow {
    mirror /api/openai_compat/v1/chat/completions;
    client_max_body_size 32m;
    client_body_buffer_size 1m;
    proxy_pass http://f0_up/s/say?id=o1!/v1/chat/completions;
}
--- request eval
"POST /shadow\n" . F0::chat_body("x" x 300000)
--- more_headers
Content-Type: application/json
--- response_body_like: \[DONE\]
--- error_code: 200
--- error_log: came to an f0 location, which can't answer it



=== TEST 2: SSI and addition: the outer page stays whole
--- config
location /page {
    ssi on;
    add_before_body /api/openai_compat/v1/models;
    default_type text/html;
    addition_types text/html;
    alias html/;
}
--- user_files
>>> page.html
A<!--#include virtual="/api/openai_compat/v1/models/f0-code-agent" -->B
--- request eval
["GET /page/page.html", "GET $F0::base/models"]
--- response_body_like eval
[qr/A<html>.*404.*<\/html>\s*B/s, qr/"id":"f0-code-agent"/]
--- error_code eval
[200, 200]



=== TEST 3: f0_error in a subrequest does not end the outer page
--- server
error_page 404 /_f0/error;
--- config
location /page {
    ssi on;
    default_type text/html;
    alias html/;
}
--- user_files
>>> page.html
A<!--#include virtual="/no/such/page" -->B
--- request eval
"GET /page/page.html"
--- response_body_like: \AA\{"error":\{.*\}\}\s*B\s*\z
--- error_code: 200



=== TEST 4: auth_request into an f0 location lets nobody in
--- config
location /private {
    auth_request /api/openai_compat/v1/models;
    return 200;
}
location /file {
    auth_request /api/openai_compat/v1/models;
    alias html/;
}
--- user_files
>>> page.html
private
--- request
GET /file/page.html
--- response_body_unlike: private
--- error_code: 500



=== TEST 5: a rewrite into a provider's location
--- f0
rewrite ^/api/openai_compat/v1/(.*)$ /_f0/up/v1/$1 last;
--- up
proxy_set_header x-api-key the-operators-key;
--- chat: <<say?id=o5>>
--- no_key
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":\{
--- error_code: 404
--- error_log: only f0's own calls may come



=== TEST 6: X-Accel-Redirect and error_page into a provider's location
--- config
location /accel {
    proxy_pass http://f0_up/s/say?header=X-Accel-Redirect:%2520/_f0/up/v1/x!;
}
location /denied {
    error_page 403 /_f0/up/v1/chat/completions;
    deny all;
}
--- request eval
["GET /accel", "GET /denied"]
--- response_body_unlike eval
[qr/Hello/, qr/Hello/]
--- error_code_like eval
["404", "404"]



=== TEST 7: the request's id is the same at the client and at each call
--- up
proxy_set_header X-Id "req_$request_id";
--- http
log_format ids "log req_$request_id";
--- f0
access_log logs/access.log ids;
--- config
location = /asked {
    proxy_pass http://f0_up/control/requests?id=o7;
}
--- request eval
["POST $F0::base/chat/completions\n" . F0::chat_body("<<say?id=o7>>"),
 "GET /asked"]
--- more_headers
Content-Type: application/json
--- response_body_filters eval
sub {
    my $body = shift;
    return $body unless $body =~ /"X-Id", "req_([0-9a-f]{32})"/;
    my $id = $1;
    open my $log, "<", "$ENV{TEST_NGINX_SERVROOT}/logs/access.log" or die;
    return "the same" if grep { /^log req_$id$/ } <$log>;
    return "another: $id";
}
--- response_body_like eval
[qr/\[DONE\]/, qr/\Athe same\z/]
--- error_code eval
[200, 200]



=== TEST 8: set, map and auth_request_set reach the provider's location
--- http
map $http_x_team $mapped { default "none"; web "map-web"; }
--- f0
set $team "set-$http_x_team";
set $touch $mapped;
auth_request /who;
auth_request_set $who $upstream_http_x_who;
--- config
location = /who {
    internal;
    proxy_pass_request_body off;
    proxy_set_header Content-Length "";
    proxy_pass http://f0_up/s/say?header=X-Who:%2520who-web!;
}
location = /asked {
    proxy_pass http://f0_up/control/requests?id=o8;
}
--- up
proxy_set_header X-Seen "$team,$mapped,$who,$http_x_team,$http_authorization";
--- request eval
["POST $F0::base/chat/completions\n" . F0::chat_body("<<say?id=o8>>"),
 "GET /asked"]
--- more_headers
Content-Type: application/json
X-Team: web
--- response_body_like eval
[qr/\[DONE\]/, qr/"X-Seen", "set-web,map-web,who-web,,"/]
--- error_code eval
[200, 200]
--- no_error_log
[warn]
[alert]



=== TEST 9: 408 and 499 of the provider's location are no client that left
--- up
if ($http_accept) { return 408; }
--- chat: <<say>>
--- response_headers
Content-Type: application/json
--- response_body_like: \A\{"error":\{
--- error_code: 502



=== TEST 10: the same of limit_req, with 499
--- http
limit_req_zone $server_name zone=one:1m rate=1r/m;
--- up
limit_req zone=one;
limit_req_status 499;
--- request eval
my $b = F0::chat_body("<<say>>");
[("POST $F0::base/chat/completions\n$b") x 2]
--- more_headers
Content-Type: application/json
--- response_body_like eval
[qr/\[DONE\]/, qr/\A\{"error":\{/]
--- error_code eval
[200, 502]
