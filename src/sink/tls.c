#include "sink/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* RFC 9662 and RFC 8996: nothing before TLS 1.2. RSA below 2048 bits and SHA-1 are no proof. */
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

#define NS_PER_MS      UINT64_C(1000000)
#define SETTLE_LEAST   (20 * NS_PER_MS)
#define SETTLE_MOST    (250 * NS_PER_MS)
#define LISTEN_AT_ONCE 64 /* records of a peer that talks without end */

TELL_MODULE_API;

/* ---- the line ---- */

static void take_address(struct tell_tls *tls)
{
	if (inet_pton(AF_INET, tls->name, tls->address) == 1)
		tls->address_len = 4;
	else if (inet_pton(AF_INET6, tls->name, tls->address) == 1)
		tls->address_len = 16;
}

static int take_line(
	struct tell_tls *tls, const struct tell_args *args, struct tell_refusal *why)
{
	const char *pins = tell_args_text(args, "fingerprint");
	const char *name = tell_args_text(args, "servername");

	tls->args = args;
	tls->chain = !pins || tell_args_given(args, "ca");
	tls->name = name;
	if (!name && tls->chain)
		tls->name = tell_args_text(args, "host");
	if (tls->name && !*tls->name)
		return tell_refuse(why, -EINVAL, name ? "servername" : "host",
			"write the name in the server's certificate", "it is empty");
	if (tls->name)
		take_address(tls);
	if (tell_args_given(args, "key") && !tell_args_given(args, "cert"))
		return tell_refuse(why, -EINVAL, "key", "add cert=FILE",
			"a key without its certificate");
	if (tell_args_given(args, "crl") && !tls->chain)
		return tell_refuse(why, -EINVAL, "crl", "add ca=FILE",
			"a list of revoked certificates says nothing without their CA");
	return pins ? tell_tls_pins_read(tls, pins, why) : 0;
}

static void close_tls(void *state)
{
	struct tell_tls *tls = state;

	if (!tls)
		return;
	tell_tls_set_unref(tls->set);
	if (tls->priority)
		gnutls_priority_deinit(tls->priority);
	free(tls);
}

static int open_tls(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_tls *tls = calloc(1, sizeof(*tls));
	if (!tls)
		return -ENOMEM;
	int r = take_line(tls, args, why);
	if (r == 0 && gnutls_priority_init(&tls->priority, PRIORITY, NULL) < 0)
		r = tell_refuse(why, -ENOTSUP, "proto",
			"see gnutls-cli --list and the system's policy",
			"this system's GnuTLS allows neither TLS 1.2 nor 1.3");
	if (r == 0)
		r = tell_tls_set_new(&tls->set, tls, why);
	if (r < 0) {
		close_tls(tls);
		return r;
	}
	*ret = tls;
	return 0;
}

/* What would be refused here alone is no mistake of the line. */
static int check_tls(const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_tls *tls = NULL;
	char text[40];
	int r = open_tls((void **)&tls, args, why);

	if (r == 0 && tls->set->has_own && tls->set->own_ends_s < time(NULL)) {
		time_t ends = (time_t)tls->set->own_ends_s;
		struct tm tm;
		if (!gmtime_r(&ends, &tm) || !strftime(text, sizeof(text), "%F", &tm))
			text[0] = '\0';
		(void)tell_refuse(why, -EKEYEXPIRED, "cert", "renew it",
			"our own certificate has expired, on %s", text);
		r = 1;
	}
	close_tls(tls);
	return r == -ENOENT || r == -EACCES || r == -ENXIO ? 1 : r;
}

static int reopen_tls(void *state, struct tell_refusal *why)
{
	struct tell_tls *tls = state;
	struct tell_tls_set *set = NULL;
	int r = tell_tls_set_new(&set, tls, why);

	if (r < 0)
		return r;
	tell_tls_set_unref(tls->set);
	tls->set = set;
	return 0;
}

/* ---- the socket below ---- */

static ssize_t push(gnutls_transport_ptr_t arg, const giovec_t *parts, int n)
{
	struct tell_tls_session *x = arg;
	/* giovec_t is struct iovec: gnutls.h */
	struct msghdr m = { .msg_iov = (struct iovec *)(uintptr_t)parts,
		.msg_iovlen = (size_t)n };
	ssize_t sent = sendmsg(x->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent < 0)
		gnutls_transport_set_errno(x->gnutls, errno == ENOBUFS ? EAGAIN : errno);
	return sent;
}

static ssize_t pull(gnutls_transport_ptr_t arg, void *to, size_t room)
{
	struct tell_tls_session *x = arg;
	ssize_t n = recv(x->fd, to, room, MSG_DONTWAIT);

	if (n < 0)
		gnutls_transport_set_errno(x->gnutls, errno);
	return n;
}

/* GnuTLS waits only with a timeout of its own, which we never set. */
static int pull_timeout(gnutls_transport_ptr_t arg, unsigned ms)
{
	struct tell_tls_session *x = arg;
	struct pollfd p = { .fd = x->fd, .events = POLLIN };

	(void)ms;
	return poll(&p, 1, 0);
}

/* ---- a session ---- */

static void end_tls(void *session)
{
	struct tell_tls_session *x = session;

	if (x->gnutls)
		gnutls_deinit(x->gnutls);
	tell_tls_set_unref(x->set);
	free(x);
}

static int set_up(struct tell_tls_session *x)
{
	struct tell_tls *tls = x->tls;

	if (gnutls_init(&x->gnutls,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			    GNUTLS_FORCE_CLIENT_CERT) < 0)
		return -ENOMEM;
	gnutls_session_set_ptr(x->gnutls, x);
	gnutls_transport_set_ptr(x->gnutls, x);
	gnutls_transport_set_vec_push_function(x->gnutls, push);
	gnutls_transport_set_pull_function(x->gnutls, pull);
	gnutls_transport_set_pull_timeout_function(x->gnutls, pull_timeout);
	if (gnutls_priority_set(x->gnutls, tls->priority) < 0 ||
		gnutls_credentials_set(
			x->gnutls, GNUTLS_CRD_CERTIFICATE, x->set->credentials) < 0)
		return -ENOMEM;
	/* RFC 6066, 3: no addresses. A name that GnuTLS cannot write is one no server has. */
	const char *name = tls->name ? tls->name : tell_args_text(tls->args, "host");
	struct in6_addr address;
	if (name && !tls->address_len && inet_pton(AF_INET, name, &address) != 1 &&
		inet_pton(AF_INET6, name, &address) != 1)
		(void)gnutls_server_name_set(
			x->gnutls, GNUTLS_NAME_DNS, name, strlen(name));
	return 0;
}

static int begin_tls(void *state, void **ret, int fd)
{
	struct tell_tls *tls = state;
	struct tell_tls_session *x = calloc(1, sizeof(*x));

	if (!x)
		return -ENOMEM;
	x->tls = tls;
	x->set = tls->set;
	x->set->users++;
	x->fd = fd;
	/* A child of clone(2) or _Fork(3) must not draw its parent's random numbers. */
	gnutls_rnd_refresh();
	int r = set_up(x);
	if (r < 0) {
		end_tls(x);
		return r;
	}
	*ret = x;
	return 0;
}

static int again(struct tell_tls_session *x, struct tell_wire_step *step)
{
	step->events = gnutls_record_get_direction(x->gnutls) ? POLLOUT : POLLIN;
	return -EAGAIN;
}

static uint64_t now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* With TLS 1.3 the client is done before the server has looked at its certificate, and some
 * servers look after the handshake whatever the version: who was asked for one waits two
 * round trips for a word. A server that keeps silent is content. */
static uint64_t settle_ns(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	uint64_t wait_ns = SETTLE_LEAST;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		wait_ns += (uint64_t)info.tcpi_rtt * 2000;
	return now_ns() + (wait_ns < SETTLE_MOST ? wait_ns : SETTLE_MOST);
}

static bool has_ticket(struct tell_tls_session *x)
{
	return gnutls_session_get_flags(x->gnutls) & GNUTLS_SFLAGS_SESSION_TICKET;
}

/* An alert about who we are, before the server said anything else: it read nothing. */
static bool is_unread(struct tell_tls_session *x, int error)
{
	if (error != GNUTLS_E_FATAL_ALERT_RECEIVED || has_ticket(x))
		return false;
	gnutls_alert_description_t alert = gnutls_alert_get(x->gnutls);
	return alert == GNUTLS_A_CERTIFICATE_REQUIRED ||
		alert == GNUTLS_A_ACCESS_DENIED ||
		(alert >= GNUTLS_A_HANDSHAKE_FAILURE && alert <= GNUTLS_A_UNKNOWN_CA);
}

static int listen_tls(void *session, struct tell_wire_step *step)
{
	struct tell_tls_session *x = session;
	char word[512];

	for (int i = 0; i < LISTEN_AT_ONCE; i++) {
		ssize_t n = gnutls_record_recv(x->gnutls, word, sizeof(word));
		if (n == GNUTLS_E_AGAIN)
			return 0;
		if (n > 0 || (n < 0 && !gnutls_error_is_fatal((int)n)))
			continue;
		step->unread = is_unread(x, (int)n);
		return n == 0 ? -EPIPE : tell_tls_failed(x, (int)n, step->why);
	}
	return 0;
}

static int settle(struct tell_tls_session *x, struct tell_wire_step *step)
{
	int r = listen_tls(x, step);

	if (r == -EPIPE && !*step->why)
		(void)snprintf(step->why, sizeof(step->why),
			"the server closed the connection after the handshake");
	if (r < 0)
		return r;
	if (has_ticket(x) || now_ns() >= x->settle_ns)
		return 0;
	step->events = POLLIN;
	step->until_ns = x->settle_ns;
	return -EAGAIN;
}

static int shake_tls(void *session, struct tell_wire_step *step)
{
	struct tell_tls_session *x = session;
	int r = 0;

	for (int i = 0; !x->done && i < LISTEN_AT_ONCE; i++) {
		r = gnutls_handshake(x->gnutls);
		if (r == GNUTLS_E_AGAIN)
			return again(x, step);
		if (r < 0 && gnutls_error_is_fatal(r)) {
			/* Best effort: the server learns what we think of it. */
			(void)gnutls_alert_send_appropriate(x->gnutls, r);
			return tell_tls_failed(x, r, step->why);
		}
		x->done = r == 0;
	}
	if (!x->done)
		return again(x, step);
	if (!gnutls_certificate_client_get_request_status(x->gnutls))
		return 0;
	if (!x->settle_ns)
		x->settle_ns = settle_ns(x->fd);
	return settle(x, step);
}

static ssize_t send_tls(
	void *session, const void *bytes, size_t len, struct tell_wire_step *step)
{
	struct tell_tls_session *x = session;
	ssize_t n = gnutls_record_send(x->gnutls, bytes, len);

	if (n >= 0)
		return n;
	if (!gnutls_error_is_fatal((int)n))
		return again(x, step);
	return tell_tls_failed(x, (int)n, step->why);
}

static ssize_t receive_tls(
	void *session, void *bytes, size_t room, struct tell_wire_step *step)
{
	struct tell_tls_session *x = session;

	for (int i = 0; i < LISTEN_AT_ONCE; i++) {
		ssize_t n = gnutls_record_recv(x->gnutls, bytes, room);
		if (n >= 0)
			return n;
		if (n == GNUTLS_E_AGAIN)
			return again(x, step);
		if (gnutls_error_is_fatal((int)n))
			return tell_tls_failed(x, (int)n, step->why);
	}
	return again(x, step);
}

static int goodbye_tls(void *session, struct tell_wire_step *step)
{
	struct tell_tls_session *x = session;
	int r = x->done ? gnutls_bye(x->gnutls, GNUTLS_SHUT_WR) : 0;

	if (r >= 0)
		return 0;
	return gnutls_error_is_fatal(r) ? -EPIPE : again(x, step);
}

static bool expires_tls(void *state, size_t i, const char **ret_whose, int64_t *ret_end_s)
{
	const struct tell_tls *tls = state;
	const struct {
		const char *whose;
		int64_t ends_s;
	} all[] = {
		{ "own", tls->set->has_own ? tls->set->own_ends_s : 0 },
		{ "peer", tls->peer_ends_s },
	};

	for (size_t k = 0, n = 0; k < sizeof(all) / sizeof(all[0]); k++) {
		if (all[k].ends_s == 0 || n++ < i)
			continue;
		*ret_whose = all[k].whose;
		*ret_end_s = all[k].ends_s;
		return true;
	}
	return false;
}

TELL_MODULE_PUBLIC const struct tell_wire tell_wire_tls = {
	TELL_MODULE_ABI,
	"tls",
	.open = open_tls,
	.check = check_tls,
	.close = close_tls,
	.reopen = reopen_tls,
	.begin = begin_tls,
	.shake = shake_tls,
	.send = send_tls,
	.listen = listen_tls,
	.receive = receive_tls,
	.goodbye = goodbye_tls,
	.end = end_tls,
	.expires = expires_tls,
};
