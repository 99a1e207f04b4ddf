#pragma once
#include <stdint.h>
#include <telltale/module.h>

/* What the parts of `sink syslog` know of its line: syslog_args.c reads, syslog.c sends. */
#define TELL_SYSLOG_PATH "/dev/log"

enum tell_syslog_proto {
	TELL_SYSLOG_UNIX,
	TELL_SYSLOG_UDP,
	TELL_SYSLOG_TCP,
	TELL_SYSLOG_TLS
};
enum tell_syslog_framing { TELL_SYSLOG_OCTET, TELL_SYSLOG_LF };

extern const struct tell_option tell_syslog_options[];

/* Arguments that say something about another proto= are a mistake worth a word: 0 or -errno. */
int tell_syslog_check_args(const struct tell_args *args, struct tell_refusal *why);

/* The module's check. */
int tell_syslog_check(const struct tell_args *args, struct tell_refusal *why);

/* The port, given or usual. */
uint16_t tell_syslog_port(const struct tell_args *args);

int tell_syslog_refuse_path(struct tell_refusal *why);
