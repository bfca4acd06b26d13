/*
 * Copyright (C) 2026 The f0 authors
 *
 * completion_checks.h - checks of completions: prompts and middles.
 */

#ifndef F0_UNIT_COMPLETION_CHECKS_H_
#define F0_UNIT_COMPLETION_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *completion_check_requests(void);
const char *completion_check_corpus(void);
const char *completion_check_families(void);
const char *completion_check_bodies(void);
const char *completion_check_paths(void);
const char *completion_check_stops(void);
const char *completion_check_refused(void);
const char *completion_check_fences(void);
const char *completion_check_prompts_in_fences(void);
const char *completion_check_answers(void);
const char *completion_check_middles(void);
const char *completion_check_stream(void);
const char *completion_check_body(void);

#ifdef __cplusplus
}
#endif

#endif  /* F0_UNIT_COMPLETION_CHECKS_H_ */
