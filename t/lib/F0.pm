# Copyright (C) 2026 The f0 authors
#
# What every t/*.t shares: a server with f0, a scripted provider behind it, and
# short sections.  tools/test starts the provider and sets the environment.
#
#   --- chat: MARKER     a chat request, the marker being the user's message;
#                        the provider answers as t/lib/provider.py tells
#   --- fields: JSON     members of the request beside model and messages
#                        ("stream":true)
#   --- model            body of "f0_model f0-code-agent"
#   --- http             lines in http {}, before everything else
#   --- server           lines in server {}
#   --- f0               lines in f0's location ("f0 on" and f0_keys are there)
#   --- up               lines in the provider's location
#   --- no_key           no Authorization header
#   --- bare             nothing of the configuration is made up
#
# In bodies, ids and times stand as ID and 0.

package F0;

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::PP ();
use Test::Nginx::Socket;

our $root = abs_path(dirname(__FILE__) . "/../..");
our $base = "/api/openai_compat/v1";

$ENV{TEST_NGINX_F0_ROOT} = $root;
$ENV{F0_TEST_KEY} //= "f0-test-key";
$ENV{TEST_NGINX_PROVIDER_PORT} //= 22020;
$ENV{TEST_NGINX_HTML_DIR} = html_dir();

env_to_nginx("F0_TEST_KEY");
worker_connections(256);
no_long_string();
no_shuffle();
log_level($ENV{F0_TEST_LOG} || "debug");

sub chat_body {
    my ($content, $fields) = @_;

    my $quoted = JSON::PP->new->allow_nonref->ascii->encode($content);
    $fields = "\"stream\":true" if !defined $fields;
    $fields .= "," if length $fields;

    return qq({"model":"f0-code-agent",$fields)
           . qq("messages":[{"role":"user","content":$quoted}]});
}

# Made-up ids and times, which differ from run to run.
sub same {
    my $body = shift;

    $body =~ s/"id":"(?:chat)?cmpl-[^"]*"/"id":"ID"/g;
    $body =~ s/"created":\d+/"created":0/g;

    return $body;
}

sub http_config {
    my $block = shift;

    my $model = $block->model // "mode chat;\ntry up up-model;";

    # calls are counted: who retries says so
    $model = "retry off; $model" unless $model =~ /\bretry\b/;

    my $before = $block->http // "";
    my $more = $block->http_config // "";

    return <<"END";
$before
    f0_provider up openai /_f0/up/;
    f0_model f0-code-agent {
        $model
    }
    upstream f0_up {
        server 127.0.0.1:\$TEST_NGINX_PROVIDER_PORT;
        keepalive 16;
    }
$more
END
}

sub config {
    my $block = shift;

    my $f0 = $block->f0 // "";
    my $up = $block->up // "proxy_pass http://f0_up/;";
    my $server = $block->server // "";
    my $more = $block->config // "";

    $up .= "\nproxy_pass http://f0_up/;" if $up !~ /proxy_pass/;

    return <<"END";
    include $root/conf/f0_server.conf;
$server
    location $base/ {
        f0 on;
        f0_keys env:F0_TEST_KEY;
        $f0
    }
    location /_f0/up/ {
        internal;
        include $root/conf/f0_provider.conf;
        $up
    }
$more
END
}

sub request {
    my $block = shift;

    my $chat = $block->chat;
    chomp $chat;
    my $body = chat_body($chat, $block->fields && trim($block->fields));

    $block->set_value("request", "POST $base/chat/completions\n" . $body);
}

sub headers {
    my ($block, $headers) = @_;

    $headers .= "\n" if length $headers && $headers !~ /\n\z/;

    if (defined $block->chat && $headers !~ /^Content-Type:/mi) {
        $headers .= "Content-Type: application/json\n";
    }

    if (!defined $block->no_key && !defined $block->raw_request
        && $headers !~ /^Authorization:/mi)
    {
        $headers .= "Authorization: Bearer $ENV{F0_TEST_KEY}\n";
    }

    return $headers;
}

sub trim {
    my $text = shift;
    $text =~ s/^\s+|\s+$//g;
    return $text;
}

add_block_preprocessor(sub {
    my $block = shift;

    if (!defined $block->bare) {
        $block->set_value("http_config", http_config($block));
        $block->set_value("config", config($block));
    }

    request($block) if defined $block->chat;

    my $given = $block->more_headers // "";
    my @headers = map { headers($block, $_) } ref $given ? @$given : $given;
    $block->set_value("more_headers", ref $given ? \@headers : $headers[0]);

    # A stream ends with an empty line, which is not kept in a section.
    my $stream = $block->response_body;
    if (defined $stream && !ref $stream && $stream =~ /data: \[DONE\]\n\z/) {
        $block->set_value("response_body", "$stream\n");
    }

    if (!defined $block->response_body_filters) {
        $block->set_value("response_body_filters", \&same);
    }

    if (!defined $block->no_error_log && !defined $block->must_die) {
        $block->set_value("no_error_log", "[alert]\n[crit]\n[emerg]\n");
    }

    $block->set_value("timeout", 10) if !defined $block->timeout;
});

1;
