/*
 * Copyright (C) 2026 The f0 authors
 *
 * test_encode.c - requests in the words of OpenAI, Anthropic, Gemini and
 * Ollama.
 */

#include "checks.h"
#include "encode_checks.h"


TEST(encode_check_refused)
TEST(encode_check_heads)
TEST(encode_check_openai)
TEST(encode_check_openai_typed)
TEST(encode_check_anthropic_turns)
TEST(encode_check_anthropic_tools)
TEST(encode_check_anthropic_options)
TEST(encode_check_anthropic_thinking)
TEST(encode_check_anthropic_marks)
TEST(encode_check_anthropic_ids)
TEST(encode_check_gemini)
TEST(encode_check_gemini_tools)
TEST(encode_check_gemini_thinking)
TEST(encode_check_ollama)
TEST(encode_check_kept_signatures)
TEST(encode_check_kept_thoughts)
TEST(encode_check_kept_openai)
TEST(encode_check_stops)
TEST(encode_check_model)
TEST(encode_check_corpus)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_encode_check_refused),
        cmocka_unit_test(test_encode_check_heads),
        cmocka_unit_test(test_encode_check_openai),
        cmocka_unit_test(test_encode_check_openai_typed),
        cmocka_unit_test(test_encode_check_anthropic_turns),
        cmocka_unit_test(test_encode_check_anthropic_tools),
        cmocka_unit_test(test_encode_check_anthropic_options),
        cmocka_unit_test(test_encode_check_anthropic_thinking),
        cmocka_unit_test(test_encode_check_anthropic_marks),
        cmocka_unit_test(test_encode_check_anthropic_ids),
        cmocka_unit_test(test_encode_check_gemini),
        cmocka_unit_test(test_encode_check_gemini_tools),
        cmocka_unit_test(test_encode_check_gemini_thinking),
        cmocka_unit_test(test_encode_check_ollama),
        cmocka_unit_test(test_encode_check_kept_signatures),
        cmocka_unit_test(test_encode_check_kept_thoughts),
        cmocka_unit_test(test_encode_check_kept_openai),
        cmocka_unit_test(test_encode_check_stops),
        cmocka_unit_test(test_encode_check_model),
        cmocka_unit_test(test_encode_check_corpus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
