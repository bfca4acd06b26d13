/*
 * Copyright (C) 2026 The f0 authors
 *
 * responses_front_checks.h - checks of the Responses front: its requests, its
 * streams and its bodies.  Each returns what is wrong, or NULL; the text lives
 * until the next check.
 */

#ifndef F0_T_UNIT_RESPONSES_FRONT_CHECKS_H_
#define F0_T_UNIT_RESPONSES_FRONT_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *responses_front_check_corpus(void);
const char *responses_front_check_refused(void);
const char *responses_front_check_own_form(void);
const char *responses_front_check_dropped(void);
const char *responses_front_check_found(void);
const char *responses_front_check_names(void);
const char *responses_front_check_turns(void);
const char *responses_front_check_outputs(void);
const char *responses_front_check_linear(void);
const char *responses_front_check_items(void);
const char *responses_front_check_interleaved(void);
const char *responses_front_check_custom(void);
const char *responses_front_check_search(void);
const char *responses_front_check_ends(void);
const char *responses_front_check_failures(void);
const char *responses_front_check_silence(void);
const char *responses_front_check_repeated(void);
const char *responses_front_check_lane(void);
const char *responses_front_check_memory(void);
const char *responses_front_check_envelopes(void);
const char *responses_front_check_splits(void);
const char *responses_front_check_body(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_RESPONSES_FRONT_CHECKS_H_ */
