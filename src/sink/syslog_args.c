#include <errno.h>
#include <string.h>
#include <telltale/wire.h>

#include "sink/datagram.h"
#include "sink/resolve.h"
#include "sink/shape.h"
#include "sink/syslog.h"

/* What a line of `sink syslog` may say, and what a check finds about it. */
#define LIMIT_MOST ((uint64_t)1 << 20)
#define LIMIT_UDP  65507 /* what a datagram of IPv4 has room for */
#define PORT	   514
#define PORT_TLS   6514
#define N(list)	   (sizeof(list) / sizeof((list)[0]))

const struct tell_option tell_syslog_options[] = {
	{ "proto", TELL_OPTION_CHOICE, "unix", "unix udp tcp tls", "how to get there",
		false },
	{ "path", TELL_OPTION_TEXT, NULL, NULL, "proto=unix: the socket, /dev/log",
		false },
	{ "host", TELL_OPTION_TEXT, NULL, NULL, "a server: name or address", false },
	{ "port", TELL_OPTION_PORT, NULL, NULL, "514; proto=tls: 6514", false },
	{ "format", TELL_OPTION_CHOICE, NULL, "rfc5424 rfc3164",
		"rfc3164 for proto=unix, else rfc5424", false },
	{ "framing", TELL_OPTION_CHOICE, "octet", "octet lf",
		"proto=tcp: a count in front, or a line feed behind", false },
	{ "limit", TELL_OPTION_SIZE, NULL, NULL,
		"bytes a message: 8KiB; proto=udp 2KiB; at most 1MiB, proto=udp 65507",
		false },
	{ "pen", TELL_OPTION_COUNT, "32473", NULL,
		"rfc5424: your private enterprise number", false },
	{ "bom", TELL_OPTION_BOOL, "no", NULL, "rfc5424: a BOM before the text", false },
	{ "ca", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: file with the CAs that the server may have; else the "
		"system's",
		false },
	{ "crl", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: file with their lists of revoked certificates", false },
	{ "fingerprint", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: the server's certificate, sha-256:HEX; several with commas",
		false },
	{ "servername", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: the name in its certificate, if it is not host=", false },
	{ "cert", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: file with our own certificate", false },
	{ "key", TELL_OPTION_TEXT, NULL, NULL,
		"proto=tls: file with its key, if it is not in cert='s", false },
	{ "expiry_warning", TELL_OPTION_DURATION, "14d", NULL,
		"proto=tls: warn so long before a certificate ends", false },
	TELL_SHAPE_SPOOL,
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	TELL_SHAPE_FACILITY,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

int tell_syslog_refuse_path(struct tell_refusal *why)
{
	return tell_refuse(why, -ENAMETOOLONG, "path",
		"use a shorter path, at most 107 bytes",
		"the socket's path is empty or too long");
}

uint16_t tell_syslog_port(const struct tell_args *args)
{
	bool tls = tell_args_choice(args, "proto") == TELL_SYSLOG_TLS;

	if (tell_args_given(args, "port"))
		return (uint16_t)tell_args_u64(args, "port");
	return tls ? PORT_TLS : PORT; /* RFC 5425, 4.1 */
}

/* Words that are for other values of proto=. */
static int check_strays(const struct tell_args *args, enum tell_syslog_proto proto,
	struct tell_refusal *why)
{
	static const char *const of_tls[] = { "ca", "crl", "fingerprint", "servername",
		"cert", "key", "expiry_warning" };
	static const char *const of_network[] = { "host", "port" };

	for (size_t i = 0; proto == TELL_SYSLOG_UNIX && i < 2; i++)
		if (tell_args_given(args, of_network[i]))
			return tell_refuse(why, -EINVAL, of_network[i],
				"add proto=tcp, proto=tls or proto=udp",
				"%s= says nothing for proto=unix", of_network[i]);
	for (size_t i = 0; proto != TELL_SYSLOG_TLS && i < N(of_tls); i++)
		if (tell_args_given(args, of_tls[i]))
			return tell_refuse(why, -EINVAL, of_tls[i],
				"write proto=tls, or remove it",
				"%s= is for proto=tls alone", of_tls[i]);
	if (proto != TELL_SYSLOG_UNIX && tell_args_given(args, "path"))
		return tell_refuse(why, -EINVAL, "path", "remove it, or use proto=unix",
			"path= says nothing for a server on the network");
	if (proto != TELL_SYSLOG_TCP && tell_args_given(args, "framing"))
		return tell_refuse(why, -EINVAL, "framing", "remove it, or use proto=tcp",
			proto == TELL_SYSLOG_TLS
				? "framing= is for proto=tcp; TLS always counts octets"
				: "framing= is for proto=tcp; a datagram needs none");
	return 0;
}

int tell_syslog_check_args(const struct tell_args *args, struct tell_refusal *why)
{
	enum tell_syslog_proto proto = (enum tell_syslog_proto)tell_args_choice(
		args, "proto");
	int r = check_strays(args, proto, why);
	const char *host = tell_args_text(args, "host");

	if (r < 0)
		return r;
	if (proto != TELL_SYSLOG_UNIX && (!host || !*host))
		return tell_refuse(why, -EINVAL, "proto", "add host=NAME",
			"a server on the network needs host=");
	if (tell_args_u64(args, "limit") > LIMIT_MOST)
		return tell_refuse(why, -EINVAL, "limit", "use 1MiB or less",
			"the limit is larger than any receiver takes");
	if (proto == TELL_SYSLOG_UDP && tell_args_u64(args, "limit") > LIMIT_UDP)
		return tell_refuse(why, -EINVAL, "limit",
			"use 65507 or less, or proto=tcp",
			"a datagram has no room for so much");
	return 0;
}

static int check_local(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");
	struct tell_datagram d = { 0 };

	path = path ? path : TELL_SYSLOG_PATH;
	if (tell_datagram_local(&d, path) < 0)
		return tell_syslog_refuse_path(why);
	return tell_datagram_look(path, "path", why);
}

static int check_wire(const struct tell_args *args, struct tell_refusal *why)
{
	const struct tell_wire *wire = tell_wire_get("tls", why);

	return wire ? wire->check(args, why) : 1;
}

int tell_syslog_check(const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	const char *words, *host = tell_args_text(args, "host");
	enum tell_syslog_proto proto = (enum tell_syslog_proto)tell_args_choice(
		args, "proto");
	int r = tell_syslog_check_args(args, why);

	if (r < 0)
		return r;
	if (proto == TELL_SYSLOG_UNIX)
		return check_local(args, why);
	r = proto == TELL_SYSLOG_TLS ? check_wire(args, why) : 0;
	if (r != 0)
		return r;
	r = tell_resolve(peers, host, tell_syslog_port(args),
		proto == TELL_SYSLOG_UDP ? SOCK_DGRAM : SOCK_STREAM, &words);
	if (r < 0)
		(void)tell_refuse(why, r, "host",
			"see the name, and this host's resolver", "%s has no address: %s",
			host, words);
	return r < 0;
}
