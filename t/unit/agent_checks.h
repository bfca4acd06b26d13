/*
 * Copyright (C) 2026 The f0 authors
 *
 * agent_checks.h - checks of the code agent: what it makes of requests, of
 * models' answers and of failures.  Each returns what is wrong, or NULL; the
 * text lives until the next check.
 */

#ifndef F0_T_UNIT_AGENT_CHECKS_H_
#define F0_T_UNIT_AGENT_CHECKS_H_

#ifdef __cplusplus
extern "C" {
#endif

const char *agent_check_classify(void);
const char *agent_check_overrides(void);
const char *agent_check_editable(void);
const char *agent_check_selection(void);
const char *agent_check_harvest(void);
const char *agent_check_prompt(void);
const char *agent_check_windows(void);
const char *agent_check_formats(void);
const char *agent_check_opt_in(void);
const char *agent_check_json(void);
const char *agent_check_editor_form(void);
const char *agent_check_continue_reader(void);
const char *agent_check_f0_form(void);
const char *agent_check_snippet(void);
const char *agent_check_follow_selection(void);
const char *agent_check_told(void);
const char *agent_check_repair(void);
const char *agent_check_repair_fails(void);
const char *agent_check_finish(void);
const char *agent_check_prose(void);
const char *agent_check_tools(void);
const char *agent_check_provider_breaks(void);
const char *agent_check_seed(void);
const char *agent_check_cancel(void);
const char *agent_check_large(void);
const char *agent_check_lines(void);
const char *agent_check_tries(void);
const char *agent_check_unread(void);
const char *agent_check_whole_once(void);
const char *agent_check_replays(void);

#ifdef __cplusplus
}
#endif

#endif /* F0_T_UNIT_AGENT_CHECKS_H_ */
