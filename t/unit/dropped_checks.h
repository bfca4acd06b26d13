/*
 * Copyright (C) 2026 The f0 authors
 *
 * dropped_checks.h - checks that nothing of a request vanishes without a word.
 * Each returns what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_DROPPED_CHECKS_H_
#define F0_T_UNIT_DROPPED_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *dropped_check_list(void);
const char *dropped_check_chat_members(void);
const char *dropped_check_messages_members(void);
const char *dropped_check_responses_members(void);
const char *dropped_check_completions_members(void);
const char *dropped_check_chat(void);
const char *dropped_check_defaults(void);
const char *dropped_check_models(void);
const char *dropped_check_bounds(void);
const char *dropped_check_translated(void);
const char *dropped_check_effort(void);
const char *dropped_check_reasoning_back(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_DROPPED_CHECKS_H_ */
