/*
 * Copyright (C) 2026 The f0 authors
 *
 * encode_checks.h - checks of requests in the providers' words.  Each returns
 * what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_ENCODE_CHECKS_H_
#define F0_T_UNIT_ENCODE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *encode_check_refused(void);
const char *encode_check_heads(void);
const char *encode_check_openai(void);
const char *encode_check_openai_typed(void);
const char *encode_check_anthropic_turns(void);
const char *encode_check_anthropic_tools(void);
const char *encode_check_anthropic_options(void);
const char *encode_check_anthropic_thinking(void);
const char *encode_check_anthropic_marks(void);
const char *encode_check_anthropic_ids(void);
const char *encode_check_gemini(void);
const char *encode_check_gemini_tools(void);
const char *encode_check_gemini_thinking(void);
const char *encode_check_ollama(void);
const char *encode_check_kept_signatures(void);
const char *encode_check_kept_thoughts(void);
const char *encode_check_kept_openai(void);
const char *encode_check_stops(void);
const char *encode_check_model(void);
const char *encode_check_corpus(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_ENCODE_CHECKS_H_ */
