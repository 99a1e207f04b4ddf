#pragma once

/* The scenarios of tests/preload/host: a program that knows nothing of telltale, and logs
 * as programs do, one of them a run. */

/* ---- processes, signals, threads: host_process.c ---- */
void host_fork_storm(void);
void host_vforks(void);
void host_close_all(void);
void host_become_daemon(void);
void host_change_root(void);
void host_confined(void);
void host_signal_storm(void);
void host_threads(void);
void host_cancelled(void);
void host_forking_threads(void);

/* ---- /dev/log by its own means: host_devlog.c ---- */
void host_devlog(void);
void host_devlog_many(void);
void host_devlog_reused(void);
