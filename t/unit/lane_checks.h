/*
 * Copyright (C) 2026 The f0 authors
 *
 * lane_checks.h - checks of what passes where client and provider speak the same
 * API.  Each returns what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_LANE_CHECKS_H_
#define F0_T_UNIT_LANE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *lane_check_messages(void);
const char *lane_check_responses(void);
const char *lane_check_awake(void);
const char *lane_check_begun(void);
const char *lane_check_bodies(void);
const char *lane_check_envelopes(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_LANE_CHECKS_H_ */
