/*
 * Copyright (C) 2026 The f0 authors
 *
 * wire_checks.h - checks of the reading and writing of the wire.  Each returns
 * what is wrong, or NULL; the text lives until the next check.
 */

#ifndef F0_T_UNIT_WIRE_CHECKS_H_
#define F0_T_UNIT_WIRE_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *wire_check_fixtures(void);
const char *wire_check_golden(void);
const char *wire_check_lane(void);
const char *wire_check_lane_used(void);
const char *wire_check_framing(void);
const char *wire_check_caps(void);
const char *wire_check_stops(void);
const char *wire_check_heads(void);
const char *wire_check_ends(void);
const char *wire_check_rules(void);
const char *wire_check_json_tool(void);
const char *wire_check_answers(void);
const char *wire_check_messages(void);
const char *wire_check_chunks(void);
const char *wire_check_bodies(void);
const char *wire_check_memory(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_WIRE_CHECKS_H_ */
