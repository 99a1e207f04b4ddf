#pragma once
#include <stdbool.h>
#include "meter/collect.h"

/* The process as the kernel sees it, read when it is collected: process_cpu_seconds_total,
 * process_resident_memory_bytes, process_resident_memory_peak_bytes,
 * process_virtual_memory_bytes, process_virtual_memory_max_bytes,
 * process_open_fds, process_max_fds, process_threads, process_start_time_seconds,
 * process_disk_io_bytes_total, process_network_receive_bytes_total,
 * process_network_transmit_bytes_total.
 *
 * Shape:   some twelve system calls; what cannot be read, as /proc is not there or its files are
 *          root's since the process gave up rights, and limits that there are none, are left
 *          out.
 * Forks:   nothing is kept, so a child's are its own.
 * Threads: any; no locks, nothing from malloc().
 * Source:  Prometheus, "Writing client libraries", process metrics; OpenTelemetry, process.disk.io;
 *          Prometheus' client_golang for the network; proc(5). */
void tell_collect_process(const struct tell_collector *to);

/* They are shown as long as somebody wants them: each true is taken back by one false. */
void tell_process_want(bool want);
bool tell_process_wanted(void);
