#pragma once
#include "meter/host.h"
#include "meter/host_lines.h"

/* The parts of meter/host.h, a file each; `proc` is where /proc is, or a test's. */
void tell_host_cpu(const struct tell_collector *to, const char *proc);
void tell_host_memory(const struct tell_collector *to, const char *proc);
void tell_host_network(const struct tell_collector *to, const char *proc);
void tell_host_pressure(const struct tell_collector *to, const char *proc);
void tell_host_filesystem(const struct tell_collector *to, const char *mountpoint);

static inline void tell_host_family(const struct tell_collector *to, const char *name,
	const char *help, enum tell_metric_kind kind)
{
	const struct tell_metric m = { name, help, kind };
	to->family(to->arg, &m);
}

/* A sample with one label. */
static inline void tell_host_sample(const struct tell_collector *to, const char *label,
	const char *word, struct tell_reading value)
{
	const struct tell_label l = { label, word };
	to->sample(to->arg, &l, 1, value);
}
