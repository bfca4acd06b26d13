/*
 * Copyright (C) 2026 The f0 authors
 *
 * messages_checks.h - checks of the Messages front: what it reads, and what it
 * writes.  Each returns what is wrong, or NULL; the text lives until the next
 * check.
 */

#ifndef F0_UNIT_MESSAGES_CHECKS_H_
#define F0_UNIT_MESSAGES_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *messages_check_corpus(void);
const char *messages_check_turns(void);
const char *messages_check_results(void);
const char *messages_check_parts(void);
const char *messages_check_refusals(void);
const char *messages_check_own_form(void);
const char *messages_check_members(void);
const char *messages_check_count(void);
const char *messages_check_f0_fields(void);
const char *messages_check_limits(void);
const char *messages_check_stream(void);
const char *messages_check_parallel(void);
const char *messages_check_awake(void);
const char *messages_check_failure(void);
const char *messages_check_stops(void);
const char *messages_check_memory(void);
const char *messages_check_random(void);
const char *messages_check_body(void);
const char *messages_check_errors(void);
const char *messages_check_stop_words(void);
const char *messages_check_turn(void);
const char *messages_check_count_turn(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_UNIT_MESSAGES_CHECKS_H_ */
