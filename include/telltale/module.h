/* telltale/module.h: what a line of a stack does to a record.
 *
 *	static enum tell_verdict run(void *state, struct tell_run *run)
 *	{
 *		struct site_name *s = state;
 *		tell_record_add(run->record, &s->field, 1, TELL_SLOT_ADDED, NULL);
 *		return TELL_SUCCESS;
 *	}
 *	const struct tell_module tell_enrich_site = {
 *		TELL_MODULE_ABI, "enrich", "site", "adds the name of the data centre",
 *		.options = options, .open = open_site, .run = run, .close = free };
 *
 * A module never calls the log API: what it wants said it hands over with tell_note().
 * It keeps what it needs in its state, bumps its own counters, and returns a verdict.
 * Threads: run may be called by several threads at once; the module locks what it must.
 *          open, close, flush, reopen and child are called by one thread at a time, and
 *          close never while a run is under way. */
#ifndef TELLTALE_MODULE_H
#define TELLTALE_MODULE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <telltale/field.h>
#include <telltale/level.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define TELL_MODULE_ABI 1

/* A line's answer. The numbers are Linux-PAM's return codes (security/_pam_types.h), so a
 * stack decides exactly as libpam would; the words on the right are what a stack file
 * writes in [word=action] (PAM's own names are understood too). A module with no opinion
 * returns TELL_SUCCESS; TELL_IGNORE is for lines that are switched off. */
enum tell_verdict {
	TELL_SUCCESS = 0, /* success       PAM success */
	TELL_FAILED = 4,  /* failed        PAM system_err: broke inside */
	TELL_FULL = 5,	  /* full          PAM buf_err: no space, queue full */
	TELL_DENIED = 6,  /* denied        PAM perm_denied: a filter said no */
	TELL_UNAVAILABLE =
		9, /* unavailable   PAM authinfo_unavail: peer or file not there */
	TELL_LIMITED = 11, /* limited       PAM maxtries: over a quota */
	TELL_SPOOLED = 12, /* spooled       PAM new_authtok_reqd: success, but later */
	TELL_TIMEOUT = 24, /* timeout       PAM try_again: the deadline passed */
	TELL_IGNORE = 25,  /* ignore        PAM ignore */
	TELL_ABORT = 26,   /* abort         PAM abort: a broken configuration */
	TELL_UNKNOWN = 28, /* unknown       PAM module_unknown: no such module */
	TELL_INVALID = 29, /* invalid       PAM bad_item: the exit refuses this record */
	TELL_N_VERDICTS = 32
};

struct tell_record;
struct tell_head;
struct tell_args;
struct tell_buf;
struct tell_stamp;

/* Who speaks; the same for all records of a stack. Strings are never NULL. */
struct tell_identity {
	const char *service; /* SYSLOG_IDENTIFIER, APP-NAME */
	const char *host;
	uint32_t pid;
	uint8_t facility; /* RFC 5424 table 1; default 1 (user), 3 (daemon) for uid 0 */
};

/* One record on its way through the lines of one type. */
struct tell_run {
	struct tell_record *record;
	const struct tell_identity *who;
	struct tell_buf *out;  /* the thread's scratch for an encoder; clear it first */
	struct tell_buf *work; /* a second one, for what goes into the first */
	struct tell_stamp *stamp; /* the thread's last second as text; or NULL */
	uint64_t
		deadline_ns; /* CLOCK_MONOTONIC; 0: not asked yet, see tell_run_deadline() */
	uint32_t budget_ms; /* how long all sinks together may wait for this record */
	uint32_t run_id;    /* first part of TELL_SEQ */
	uint64_t *
		next_seq; /* the runner numbers a record that passed the filter; or NULL */
	void *notes;	  /* struct tell_notes, see tell_note(); or NULL */
	bool past_queue;  /* the runner's: sync, whatever queue the stack has */
	bool batch;	  /* a flush follows soon: sinks may gather records until then */
	bool settle;	  /* of a flush: what is safe in a spool is far enough */
	bool last; /* of a flush: the stack ends, say now what would be said later */
	void (*wake)(void *arg); /* the service thread has work; or NULL: there is none */
	void *wake_arg;
	/* The runner's, for `enrich`: does a `redact` line hide what is called so? */
	bool (*hides)(const void *redact, const char *name, size_t len);
	const void *redact;
};

/* When sinks must give up waiting. Reads the clock only when first asked. */
uint64_t tell_run_deadline(struct tell_run *run);

/* Say something through the channel: a record of logger `telltale`, at most once a minute
 * per cause (a literal such as "file-open"). May be called from run, flush and drop. */
void tell_note(struct tell_run *run, int level, const char *cause, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Ours: a sum that the module keeps and paces itself, so that it is never held back: a record
 * that bears count and times in fields. Its message is a sentence of our own, in logger
 * `telltale`, or that of a record, with its place, which redaction reads once more. False: there
 * is no room now, or nobody listens; keep it. */
#define TELL_SUM_BYTES 256
struct tell_sum {
	int level;
	const char *cause;	    /* a literal */
	const char *name;	    /* of the field that has n: a literal */
	uint64_t n;		    /* how many records it stands for */
	uint64_t first_ns, last_ns; /* when: fields NAME_from and NAME_until, realtime */
	bool own;		    /* a sentence of ours: else the text of a record... */
	uint32_t place;		    /* ... made here; 0: not known */
	const char *text;	    /* at most TELL_SUM_BYTES, the rest is cut */
	size_t len;
};
bool tell_note_sum(struct tell_run *run, const struct tell_sum *sum);

/* Why open refused: a sentence, the fix, and the argument it is about (or NULL; a literal).
 * tell_refuse() fills it in, texts are copied and cut, and returns error: open's answer. */
struct tell_refusal {
	char what[200];
	char fix[200];
	const char *arg;
};
int tell_refuse(struct tell_refusal *why, int error, const char *arg, const char *fix,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* What a module understands. Unknown arguments, bad values and missing required ones are
 * found by the stack's builder, with line, column and the nearest name. */
enum tell_option_kind {
	TELL_OPTION_TEXT,
	TELL_OPTION_COUNT,    /* a whole number */
	TELL_OPTION_SIZE,     /* 64KiB 500MB: bytes */
	TELL_OPTION_DURATION, /* 50ms 10s 5m 1h 10d: ns */
	TELL_OPTION_RATIO,    /* 0.10 or 10% */
	TELL_OPTION_BOOL,     /* yes no */
	TELL_OPTION_LEVEL,    /* info */
	TELL_OPTION_CHOICE,   /* one of `choices` */
	TELL_OPTION_MODE,     /* 0640 */
	TELL_OPTION_PORT,     /* 1..65535 */
	TELL_OPTION_EXPR      /* the expression of [when=...], checked when loaded */
};

struct tell_option {
	const char *name; /* "*": any other name=value goes to the module as text */
	enum tell_option_kind kind;
	const char *deflt;   /* as it would be written; NULL: none */
	const char *choices; /* "unix udp tcp" */
	const char *help;    /* for the manual page and `check` */
	bool required;
};

/* What lines of type `metric` and `health` have in common, for their options; the runner looks
 * after it. Such a line is asked by the service's helper thread each `every`, and may wait until
 * run->deadline_ns; run->record is an empty record. Of a health line the verdict is the answer
 * (spooled: it works, with something amiss; ignore: nothing is known), the field `reason` a
 * sentence, other fields are details; no secrets. Of a metric line a record that is not empty goes
 * the stack's way; spooled: there is more, ask again at once. */
#define TELL_OPTION_EACH(deflt)                                                          \
	{                                                                                \
		"every", TELL_OPTION_DURATION, deflt, NULL, "how often it is asked",     \
			false                                                            \
	}
#define TELL_OPTION_ASKED                                                                \
	TELL_OPTION_EACH("10s"),                                                         \
		{ "timeout", TELL_OPTION_DURATION, "2s", NULL,                           \
			"what takes longer has failed", false },                         \
	{                                                                                \
		"live", TELL_OPTION_BOOL, "no", NULL,                                    \
			"while it fails the process is to be restarted", false           \
	}
#define TELL_OPTION_CHECK                                                                \
	{ "name", TELL_OPTION_TEXT, NULL, NULL,                                          \
		"what the check is called; else as the module", false },                 \
		TELL_OPTION_ASKED

/* The arguments of a line, checked against the options. Missing ones give their default;
 * without one NULL, 0. Strings live as long as the stack. */
const char *tell_args_text(const struct tell_args *args, const char *name);
uint64_t tell_args_u64(const struct tell_args *args, const char *name);
double tell_args_f64(const struct tell_args *args, const char *name);
bool tell_args_bool(const struct tell_args *args, const char *name);
/* The choice's place in `choices`, from 0. */
unsigned tell_args_choice(const struct tell_args *args, const char *name);
bool tell_args_given(const struct tell_args *args, const char *name);
/* Walk the arguments that fell to "*": *pos starts at 0. */
bool tell_args_next(const struct tell_args *args, size_t *pos, const char **ret_name,
	const char **ret_value);
/* The service the stack is for. */
const char *tell_args_service(const struct tell_args *args);

/* One field as read. Types: those of enum tell_type but ERRNO, which is two fields. A list's
 * elements are its own business: leave it alone, or replace it as a whole. */
struct tell_value {
	uint16_t key; /* a number of the process's dictionary; 0: name tells */
	uint8_t type;
	uint8_t flags; /* TELL_SLOT_... */
	uint32_t len;  /* bytes at data; 8 for numbers, 0 for null and secret */
	const void *data;
	const char *name; /* lower case, not NUL-terminated; "message" is the message */
	uint8_t name_len;
	uint32_t at; /* where it is, for replace and drop */
};
#define TELL_SLOT_ADDED 0x08 /* flags: came from an enrich module */

/* What only modules of type `queue` have: records wait in them for the service thread. */
struct tell_nested { /* a place for a record of a signal's handler */
	void *at;
	size_t room;
	uint32_t tid;
	void *lane; /* the queue's, as is: */
	uint32_t *claim;
	bool filling; /* it should be read soon */
};
typedef void tell_drain_fn(
	void *arg, const void *block, size_t len, uint64_t realtime_ns);
struct tell_queue_counts {
	uint64_t queued;  /* taken by run() and not yet handed out */
	uint64_t dropped; /* for want of room */
	uint32_t lanes;	  /* made so far for threads */
};
struct tell_queue {
	/* Memory to build the calling thread's next record in; run() takes it from there
	 * without a copy. NULL: none, build it elsewhere. *ret_room: its bytes. */
	void *(*reserve)(void *state, size_t *ret_room);
	/* Ours: the calling thread's lane (queue/lane.h) once it has one of its own, and are
	 * the names and place of this record in the file? NULL: no. Modules of others leave
	 * it out. */
	void *(*lane)(void *state, const struct tell_record *r);
	/* Hand out at most max records that were not handed out before, the oldest first;
	 * a block lasts until fn returns. How many. One thread at a time. */
	size_t (*drain)(void *state, size_t max, tell_drain_fn *fn, void *arg);
	/* All that was handed out is delivered: forget it. */
	void (*delivered)(void *state);
	/* No thread will look into it any more and nothing is in it: leave nothing behind. */
	void (*end)(void *state);
	void (*counts)(const void *state, struct tell_queue_counts *ret);
	/* Ours: memory for a record that a signal's handler makes in the middle of another
	 * call (success; limited: dropped, counted; unavailable: there is none now); are its
	 * names in the file; it is done, kept or not. NULL: such records are refused. */
	enum tell_verdict (*nested_begin)(void *state, struct tell_nested *ret);
	bool (*nested_words)(void *state, const struct tell_head *h);
	void (*nested_end)(struct tell_nested *n, uint32_t run_id, bool keep);
};

#define TELL_SINK_CUT "cut"
/* Ours: of a connection, for a spool. */
struct tell_progress {
	bool look; /* asked: look at the connection; else only connection, given */
	uint64_t connection; /* another number: the one before broke */
	uint64_t given;	     /* bytes that records gave it so far */
	uint64_t confirmed;  /* of those, acknowledged by the peer's kernel */
};

struct tell_module {
	uint32_t abi; /* TELL_MODULE_ABI */
	const char *type, *name;
	const char *summary;		   /* one line for `check` and the manual */
	const struct tell_option *options; /* ends with a NULL name; NULL: takes none */
	/* Make the state. 0, or a negative errno with *why filled by tell_refuse(). Names are
	 * resolved and files opened here or at the first run; must not wait. NULL: no state. */
	int (*open)(void **ret, const struct tell_args *args, struct tell_refusal *why);
	/* For who asks before the start, perhaps as another user than the service's: what open
	 * would find, without making, sending or opening anything; resolving a name may take
	 * its time. 0; a negative errno: open refuses such arguments everywhere; 1: on this
	 * host, or for this user, it would not work now; 2: nowhere it does what one would
	 * expect. Then *why says it. NULL: nothing beyond the options can be wrong. */
	int (*check)(const struct tell_args *args, struct tell_refusal *why);
	enum tell_verdict (*run)(void *state, struct tell_run *run);
	void (*close)(void *state);			 /* NULL: nothing to free */
	int (*flush)(void *state, struct tell_run *run); /* by run's deadline; or NULL */
	int (*reopen)(void *state);			 /* or NULL */
	void (*child)(
		void *state); /* in a forked child: drop what belongs to the parent */
	const struct tell_queue *queue; /* NULL for all other types */
	/* Of a `redact` line: runs before the queue, in the calling thread, or in a signal's
	 * handler: it takes no lock, and asks for no memory but by tell_record_replace(). */
	bool in_call;
	/* With in_call: does it leave every value of this name alone? NULL: it may not. */
	bool (*keeps)(void *state, uint16_t key, const char *name, size_t len);
	/* Of a sink that holds records after it took them, buffered or half sent: drop them
	 * and say by tell_note() how many, which is the answer. Asked when flush failed and
	 * nobody waits any longer, perhaps beside run. NULL: it holds none. */
	uint64_t (*drop)(void *state, struct tell_run *run);
	/* The i-th thing it counts, from 0: a word (a literal of [a-z_]) and how often; never a
	 * value of a record. False: behind the last. Asked while it runs. NULL: none. Those of
	 * redact lines are telltale_redacted_total{kind}; a sink has TELL_SINK_CUT alone. */
	bool (*counted)(
		const void *state, size_t i, const char **ret_word, uint64_t *ret_n);
	/* Of a sink: how many of the records that it took it found lost since it was last asked,
	 * by a flush whose sync failed, say. Asked after each flush. NULL: it never does. */
	uint64_t (*lost)(void *state);
	/* Of a sink: what may take seconds, a name's look-up. By the service thread, if there is
	 * one, each 5 s or more often, beside run; CLOCK_MONOTONIC. NULL: nothing. */
	void (*tend)(void *state, uint64_t now_ns);
	/* Of a sink with a connection, for spool=: false, or NULL: what run() took is delivered;
	 * else what may be lost with the connection stays in the spool, and the sink forgets it. */
	bool (*progress)(void *state, struct tell_progress *progress);
	/* Of a sink: it waits for another process, by run's deadline. Behind a queue that is full
	 * the deadline may be long past: then take what can be taken at once. */
	bool peer;
};

/* For struct tell_api's service_show(): which text, and what it was. */
enum tell_show {
	TELL_SHOW_PROMETHEUS,
	TELL_SHOW_OPENMETRICS,
	TELL_SHOW_JSON,	  /* metrics, as telltale status -o json */
	TELL_SHOW_CHECKS, /* health, in one of three layouts */
	TELL_SHOW_COMPONENTS,
	TELL_SHOW_HEALTH_JSON
};
struct tell_shown {
	char *text; /* of len bytes; the caller frees it with free() */
	size_t len;
	/* Of health: no line with live=yes fails; the service works, be it degraded, or has no
	 * health lines; it does not. Neither of these two as long as a line has not answered. */
	bool live, ready, unhealthy;
};

/* ---- a module in a shared object of its own ----
 *
 * It is named tell_TYPE_NAME.so, lies in $libdir/telltale ($TELLTALE_MODULEDIR instead, which
 * set-user-ID programs ignore), belongs to root or the service's user as stacks do, and is
 * loaded only when a line names it, once; it stays until the process ends. It links nothing of
 * ours: what it may call comes in a table, so that it works in programs with the shared library,
 * with the static one and in `telltale` itself.
 *
 *	#define TELL_MODULE_LOADED
 *	#include <telltale/module.h>
 *	TELL_MODULE_API;
 *	... the functions ...
 *	TELL_MODULE_PUBLIC const struct tell_module tell_enrich_site = { TELL_MODULE_ABI, ...
 *
 * Everything below has the shape of the functions of the same names; records: */
struct tell_api {
	uint32_t abi;  /* TELL_MODULE_ABI */
	uint32_t size; /* of this struct: what is behind it is not there */
	uint64_t (*run_deadline)(struct tell_run *run);
	void (*note)(struct tell_run *run, int level, const char *cause, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));
	int (*refuse)(struct tell_refusal *why, int error, const char *arg,
		const char *fix, const char *fmt, ...)
		__attribute__((format(printf, 5, 6)));
	const char *(*args_text)(const struct tell_args *args, const char *name);
	uint64_t (*args_u64)(const struct tell_args *args, const char *name);
	double (*args_f64)(const struct tell_args *args, const char *name);
	bool (*args_bool)(const struct tell_args *args, const char *name);
	unsigned (*args_choice)(const struct tell_args *args, const char *name);
	bool (*args_given)(const struct tell_args *args, const char *name);
	bool (*args_next)(const struct tell_args *args, size_t *pos,
		const char **ret_name, const char **ret_value);
	const char *(*args_service)(const struct tell_args *args);

	/* Its level, enum tell_level; its time, ns since 1970. */
	int (*record_level)(const struct tell_record *r);
	uint64_t (*record_time)(const struct tell_record *r);
	/* Walk it, message first: *pos starts at 0. What is read is the record's, and moves when
	 * it is changed. */
	bool (*record_next)(
		const struct tell_record *r, uint32_t *pos, struct tell_value *ret);
	/* The field of this name (lower case). */
	bool (*record_get)(const struct tell_record *r, const char *name, size_t len,
		struct tell_value *ret);
	/* Add fields, as in a call. slot_flags: TELL_SLOT_ADDED or 0; keys: NULL. What is over
	 * the record's limit is left out and marked. */
	void (*record_add)(struct tell_record *r, const struct tell_field *fields,
		size_t n, uint8_t slot_flags, const uint16_t *keys);
	/* Give what was read another value; the old bytes are overwritten. 0 or -ENOMEM. */
	int (*record_replace)(struct tell_record *r, const struct tell_value *v,
		uint8_t type, const void *data, size_t len);
	/* Remove it, and wipe its bytes. */
	void (*record_drop)(struct tell_record *r, const struct tell_value *v);
	/* The record as one JSON object, for a sink; valid until the next call in this thread.
	 * NULL: memory is out. */
	const char *(*run_json)(struct tell_run *run, size_t *ret_len);

	/* What a service (tell_args_service()) has to show, for a thread of the module's own, which
	 * no log call waits for. Asks the gauges' callbacks. 0; -EBUSY: not now, the service is
	 * being changed, try again; -ENOENT: there is none of that name; -ENOMEM. */
	int (*service_show)(
		const char *service, enum tell_show what, struct tell_shown *ret);
	/* Add n to a counter of the library's own, one of a label's values: name is
	 * "telltale_..._total". All are literals. */
	void (*count_own)(const char *name, const char *help, const char *label,
		const char *value, uint64_t n);
};

#ifdef TELL_MODULE_LOADED
extern const struct tell_api *tell_api; /* set before any function is called */
#ifdef __cplusplus
#define TELL_MODULE_PUBLIC extern "C" __attribute__((visibility("default")))
#else
#define TELL_MODULE_PUBLIC __attribute__((visibility("default")))
#endif
#define TELL_MODULE_API                                                                  \
	__attribute__((visibility("default"))) const struct tell_api *tell_api
#define tell_run_deadline   tell_api->run_deadline
#define tell_note	    tell_api->note
#define tell_refuse	    tell_api->refuse
#define tell_args_text	    tell_api->args_text
#define tell_args_u64	    tell_api->args_u64
#define tell_args_f64	    tell_api->args_f64
#define tell_args_bool	    tell_api->args_bool
#define tell_args_choice    tell_api->args_choice
#define tell_args_given	    tell_api->args_given
#define tell_args_next	    tell_api->args_next
#define tell_args_service   tell_api->args_service
#define tell_record_level   tell_api->record_level
#define tell_record_time    tell_api->record_time
#define tell_record_next    tell_api->record_next
#define tell_record_get	    tell_api->record_get
#define tell_record_add	    tell_api->record_add
#define tell_record_replace tell_api->record_replace
#define tell_record_drop    tell_api->record_drop
#define tell_run_json	    tell_api->run_json
#define tell_service_show   tell_api->service_show
#define tell_count_own	    tell_api->count_own
#endif
#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
