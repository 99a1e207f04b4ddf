#pragma once
#include <stdbool.h>
#include "meter/collect.h"

/* The machine as the kernel sees it, read when it is collected: system_cpu_time_seconds_total,
 * system_memory_usage_bytes, system_memory_limit_bytes, system_linux_memory_available_bytes,
 * system_paging_usage_bytes, system_network_io_bytes_total,
 * system_network_packet_count_total, system_network_packet_dropped_total,
 * system_network_errors_total, system_pressure_stall_seconds_total,
 * system_filesystem_usage_bytes of "/".
 *
 * Shape:   some seven files of /proc, a line at a time; what cannot be read, or is not as proc(5)
 *          has it, is left out.
 * Limits:  TELL_HOST_INTERFACES by name, the first that the kernel names; the others are summed up
 *          as "other".
 * Scope:   CPU, memory and pressure are the machine's, also in a container; interfaces are those of
 *          the process's network namespace.
 * Threads: any; no locks, nothing from malloc().
 * Source:  proc(5); Linux, accounting/psi; OpenTelemetry, system metrics: its names, with the
 *          endings that Prometheus wants. Pressure has no name there. */
#define TELL_HOST_INTERFACES 32

void tell_collect_host(const struct tell_collector *to);

/* They are shown as long as somebody wants them: each true is taken back by one false. */
void tell_host_want(bool want);
bool tell_host_wanted(void);
