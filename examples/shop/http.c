/* http.c: libmicrohttpd with four threads. Licence: MIT. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include "shop.h"

#define BODY_MAX  4095
#define N_THREADS 4u

/* A request's body, as far as it has come in. */
struct upload {
	size_t len;
	bool too_long;
	char text[BODY_MAX + 1];
};

static void upload_add(struct upload *up, const char *data, size_t n)
{
	if (n > BODY_MAX - up->len) {
		n = BODY_MAX - up->len;
		up->too_long = true;
	}
	memcpy(up->text + up->len, data, n);
	up->len += n;
}

static enum MHD_Result send_answer(struct MHD_Connection *c, const struct answer *a)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(a->body), (void *)(uintptr_t)a->body, MHD_RESPMEM_MUST_COPY);
	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", "application/json");
	if (*a->request_id)
		MHD_add_response_header(r, "X-Request-ID", a->request_id);
	enum MHD_Result sent = MHD_queue_response(c, a->status, r);
	MHD_destroy_response(r);
	return sent;
}

/* Called first with the head, then with each piece of the body, at last with none. */
static enum MHD_Result on_request(void *unused, struct MHD_Connection *c,
	const char *path, const char *method, const char *version, const char *data,
	size_t *n, void **state)
{
	(void)unused;
	(void)version;
	struct upload *up = *state;
	if (!up) {
		*state = calloc(1, sizeof(*up));
		return *state ? MHD_YES : MHD_NO;
	}
	if (*n) {
		upload_add(up, data, *n);
		*n = 0;
		return MHD_YES;
	}
	struct answer a = { .status = 413, .body = "{\"error\":\"too long\"}" };
	struct request r = { .method = method, .path = path, .body = up->text };
	r.authorization = MHD_lookup_connection_value(
		c, MHD_HEADER_KIND, "Authorization");
	r.request_id = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Request-ID");
	r.tenant_id = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Tenant-ID");
	if (!up->too_long)
		serve(&r, &a);
	return send_answer(c, &a);
}

static void on_completed(void *unused, struct MHD_Connection *c, void **state,
	enum MHD_RequestTerminationCode how)
{
	(void)unused;
	(void)c;
	(void)how;
	free(*state);
}

struct MHD_Daemon *http_start(uint16_t *port)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL,
		NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, &sa,
		MHD_OPTION_THREAD_POOL_SIZE, N_THREADS, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, NULL, MHD_OPTION_END);
	if (d)
		*port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	return d;
}
