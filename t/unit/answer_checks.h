/*
 * Copyright (C) 2026 The f0 authors
 *
 * answer_checks.h - checks of providers' answers as they really come: odd ends,
 * odd tool calls, odd blocks and counts, wrong labels.  Each returns what is
 * wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_ANSWER_CHECKS_H_
#define F0_T_UNIT_ANSWER_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *answer_check_finish_words(void);
const char *answer_check_finish_failures(void);
const char *answer_check_finish_misfits(void);
const char *answer_check_whole_objects(void);
const char *answer_check_fragments(void);
const char *answer_check_call_types(void);
const char *answer_check_call_ids(void);
const char *answer_check_many_calls(void);
const char *answer_check_blocks(void);
const char *answer_check_choice_errors(void);
const char *answer_check_usage(void);
const char *answer_check_pictures(void);
const char *answer_check_state(void);
const char *answer_check_labels(void);
const char *answer_check_codings(void);
const char *answer_check_bounds(void);
const char *answer_check_memory(void);
const char *answer_check_names(void);
const char *answer_check_store(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_ANSWER_CHECKS_H_ */
