# Copyright (C) 2026 The f0 authors
#
# completions and fim/completions: prompts and middles.

use lib 't/lib';
use Test::Nginx::Socket 'no_plan';
use F0;

sub asks {
    my ($path, $prompt, $more) = @_;

    return "POST $F0::base/$path\n"
           . qq({"model":"f0-code-agent","prompt":"$prompt"$more});
}

run_tests();

__DATA__

=== TEST 1: a middle, streamed
--- model
mode fim;
try up real fim=qwen;
--- request eval
main::asks("completions", "<<say?text=a%20b>>", ',"suffix":"y","stream":true')
--- more_headers
Content-Type: application/json
--- response_body
data: {"id":"ID","object":"text_completion","created":0,"model":"f0-code-agent","choices":[{"index":0,"text":"a","logprobs":null,"finish_reason":null}]}

data: {"id":"ID","object":"text_completion","created":0,"model":"f0-code-agent","choices":[{"index":0,"text":" b","logprobs":null,"finish_reason":null}]}

data: {"id":"ID","object":"text_completion","created":0,"model":"f0-code-agent","choices":[{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}]}

data: [DONE]

--- error_code: 200



=== TEST 2: whole
--- model
mode fim;
try up real fim=qwen;
--- request eval
main::asks("completions", "<<say?text=a%20b>>", ',"suffix":"y"')
--- more_headers
Content-Type: application/json
--- response_body_like: \A\{"id":"ID","object":"text_completion",.*"choices":\[\{"index":0,"text":"a b","logprobs":null,"finish_reason":"stop"\}\],"usage":\{"prompt_tokens":7,
--- error_code: 200



=== TEST 3: a token of the family ends it, a fence is taken off
--- model
mode fim;
try up real fim=starcoder;
--- request eval
main::asks("completions", "<<say?text=```c%0Aint%20a;%0A```%0A%3C%7Cendoftext%7C%3Eint%20b;>>", ',"suffix":"y"')
--- more_headers
Content-Type: application/json
--- response_body_like: "text":"int a;"
--- error_code: 200



=== TEST 4: llama.cpp's infill
--- model
mode fim;
try up real fim=infill;
--- request eval
main::asks("completions", "<<say?text=a%20b&finish=limit>>", ',"suffix":"y","stream":true,"stream_options":{"include_usage":true}')
--- more_headers
Content-Type: application/json
--- response_body_like: (?s)"text":" b",.*"text":"","logprobs":null,"finish_reason":"length"\}\],"usage":null\}.*"choices":\[\],"usage":\{"prompt_tokens":7,"completion_tokens":2,
--- error_code: 200



=== TEST 5: Mistral's form on both sides
--- model
mode fim;
try mistral real fim=suffix;
--- http
f0_provider mistral openai /_f0/up/ path=v1/fim/completions;
--- request eval
main::asks("fim/completions", "<<say?text=a%20b>>", ',"suffix":"y"')
--- more_headers
Content-Type: application/json
--- response_body_like: \A\{"id":"ID","object":"chat.completion",.*"message":\{"role":"assistant","content":"a b"
--- error_code: 200



=== TEST 6: Ollama
--- model
mode fim;
try local real fim=codellama;
--- http
f0_provider local ollama /_f0/up/;
--- request eval
main::asks("completions", "<<say?text=a%20b%20%3CEOT%3E>>", ',"suffix":"y"')
--- more_headers
Content-Type: application/json
--- response_body_like: "text":"a b"
--- error_code: 200



=== TEST 7: no suffix needs no fim
--- request eval
main::asks("completions", "<<say?text=a%20b>>", "")
--- more_headers
Content-Type: application/json
--- response_body_like: "text":"a b"
--- error_code: 200



=== TEST 8: a suffix does
--- request eval
main::asks("completions", "<<say>>", ',"suffix":"y"')
--- more_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":"suffix","code":"unsupported_value"
--- error_code: 400



=== TEST 9: a provider of chats alone
--- model
mode chat;
try claude real;
--- http
f0_provider claude anthropic /_f0/up/;
--- request eval
main::asks("completions", "<<say>>", "")
--- more_headers
Content-Type: application/json
--- response_body_like: "type":"invalid_request_error","param":"model","code":"unsupported_value"
--- error_code: 400



=== TEST 10: mode fim is offered nowhere else
--- model
mode fim;
try up real fim=qwen;
--- chat: <<say>>
--- response_body_like: "param":"model","code":"model_not_found"
--- error_code: 404



=== TEST 11: nor without a key
--- no_key
--- request eval
main::asks("completions", "<<say>>", "")
--- more_headers
Content-Type: application/json
--- response_body_like: "code":"invalid_api_key"
--- error_code: 401
