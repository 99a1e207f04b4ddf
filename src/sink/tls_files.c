#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/tls.h"

#define FILE_MAX ((off_t)4 << 20) /* a system's CAs are a fifth of a megabyte */

/* A file of the line: which argument named it, and where it is. */
struct named {
	const char *arg;
	bool secret;
	char path[PATH_MAX];
	gnutls_datum_t bytes; /* and a NUL behind them */
};

static void forget(struct named *f)
{
	if (f->bytes.data && f->secret)
		explicit_bzero(f->bytes.data, f->bytes.size);
	free(f->bytes.data);
	f->bytes = (gnutls_datum_t){ NULL, 0 };
}

/* A name without a way to it is a credential of the unit: systemd.exec(5), "Credentials". */
static int find(struct named *f, const char *text, struct tell_refusal *why)
{
	const char *dir = "";
	if (text[0] != '/')
		dir = secure_getenv("CREDENTIALS_DIRECTORY");
	if (!dir)
		return tell_refuse(why, -ENXIO, f->arg,
			"write a path from / on, or LoadCredential= in the unit",
			"%s is looked for in $CREDENTIALS_DIRECTORY, which is not set",
			text);
	int n = snprintf(f->path, sizeof(f->path), "%s%s%s", dir, *dir ? "/" : "", text);
	if (n < 0 || (size_t)n >= sizeof(f->path))
		return tell_refuse(why, -ENAMETOOLONG, f->arg, "use a shorter path",
			"the path is too long");
	return 0;
}

/* Who may write it decides where records go; who may read a key is us. Group readers are for
 * root to allow, as in Debian's /etc/ssl/private and in systemd's credentials. */
static int judge(const struct named *f, const struct stat *st, struct tell_refusal *why)
{
	unsigned mode = (unsigned)st->st_mode & 07777;
	if (!S_ISREG(st->st_mode))
		return tell_refuse(why, -EPERM, f->arg, "a file belongs here",
			"%s is no regular file", f->path);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return tell_refuse(why, -EPERM, f->arg, "chown it to who runs this",
			"%s belongs to user %u, not to root or the service", f->path,
			(unsigned)st->st_uid);
	if (mode & (S_IWGRP | S_IWOTH))
		return tell_refuse(why, -EPERM, f->arg, "chmod go-w it",
			"others may write to %s (mode %04o)", f->path, mode);
	if (f->secret && (mode & S_IRWXO || (st->st_uid != 0 && mode & S_IRWXG)))
		return tell_refuse(why, -EPERM, f->arg, "chmod 600 it",
			"others may read the key in %s (mode %04o)", f->path, mode);
	if (st->st_size <= 0 || st->st_size > FILE_MAX)
		return tell_refuse(why, -EINVAL, f->arg, "write the path of a PEM file",
			"%s is empty or larger than 4 MiB", f->path);
	return 0;
}

static int take(struct named *f, int fd, size_t size)
{
	f->bytes.data = malloc(size + 1);
	if (!f->bytes.data)
		return -ENOMEM;
	while (f->bytes.size < size) {
		ssize_t n = read(fd, f->bytes.data + f->bytes.size, size - f->bytes.size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		f->bytes.size += n > 0 ? (unsigned)n : 0;
	}
	f->bytes.data[f->bytes.size] = '\0';
	return 0;
}

static int fault(const struct named *f, int error, struct tell_refusal *why)
{
	char text[80];
	const char *fix = error == -ENOENT ? "write the path of a PEM file"
					   : "let the service's user read it";
	return tell_refuse(why, error, f->arg, fix, "%s: %s", f->path,
		strerror_r(-error, text, sizeof(text)));
}

static int read_named(struct named *f, const char *text, struct tell_refusal *why)
{
	struct stat st;
	int r = find(f, text, why);
	if (r < 0)
		return r;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fault(f, -errno, why);
	if (fstat(fd, &st) < 0)
		r = fault(f, -errno, why);
	else if ((r = judge(f, &st, why)) == 0 &&
		(r = take(f, fd, (size_t)st.st_size)) < 0)
		r = fault(f, r, why);
	(void)close(fd); /* it was only read */
	if (r < 0)
		forget(f);
	return r;
}

/* What GnuTLS made of a file: the number of things in it, or its error. */
static int check_count(
	const struct named *f, int n, const char *thing, struct tell_refusal *why)
{
	if (n > 0)
		return 0;
	return tell_refuse(why, -EINVAL, f->arg, "it must be in PEM: -----BEGIN ...",
		"%s has no %s: %s", f->path, thing,
		n < 0 ? gnutls_strerror(n) : "nothing of the kind is in it");
}

static int take_ca(struct tell_tls_set *set, const char *text, struct tell_refusal *why)
{
	struct named f = { .arg = "ca" };
	if (!text) {
		int n = gnutls_certificate_set_x509_system_trust(set->credentials);
		return n > 0 ? 0
			     : tell_refuse(why, -ENOENT, "proto",
				       "name the server's CA: ca=FILE, or fingerprint=",
				       "this system has no certificates of CAs");
	}
	int r = read_named(&f, text, why);
	if (r == 0)
		r = check_count(&f,
			gnutls_certificate_set_x509_trust_mem(
				set->credentials, &f.bytes, GNUTLS_X509_FMT_PEM),
			"certificate of a CA", why);
	forget(&f);
	return r;
}

static int take_crl(struct tell_tls_set *set, const char *text, struct tell_refusal *why)
{
	struct named f = { .arg = "crl" };
	int r = read_named(&f, text, why);
	if (r == 0)
		r = check_count(&f,
			gnutls_certificate_set_x509_crl_mem(
				set->credentials, &f.bytes, GNUTLS_X509_FMT_PEM),
			"list of revoked certificates", why);
	forget(&f);
	return r;
}

/* When our own certificate ends. */
static void look_at_own(struct tell_tls_set *set)
{
	gnutls_x509_crt_t *list = NULL;
	unsigned n = 0;
	if (gnutls_certificate_get_x509_crt(set->credentials, 0, &list, &n) < 0)
		return;
	set->has_own = n > 0;
	if (n)
		set->own_ends_s = gnutls_x509_crt_get_expiration_time(list[0]);
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(list[i]);
	gnutls_free(list);
}

static int refuse_own(const struct named *cert, const struct named *key, int r,
	struct tell_refusal *why)
{
	if (r == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		return tell_refuse(why, -EINVAL, key->arg,
			"name the two that belong together",
			"%s is not the key of the certificate in %s", key->path,
			cert->path);
	if (r == GNUTLS_E_DECRYPTION_FAILED || r == GNUTLS_E_INVALID_PASSWORD)
		return tell_refuse(why, -EINVAL, key->arg,
			"write it without: openssl pkey -in FILE -out NEW; chmod 600 NEW",
			"the key in %s has a pass phrase", key->path);
	return tell_refuse(why, -EINVAL, cert->arg,
		"both must be in PEM, the certificate first, those above it behind",
		"%s and %s: %s", cert->path, key->path, gnutls_strerror(r));
}

/* key= may be left out when it is in cert='s file. */
static int take_own(struct tell_tls_set *set, const char *cert_text, const char *key_text,
	struct tell_refusal *why)
{
	struct named cert = { .arg = "cert", .secret = !key_text };
	struct named key = { .arg = key_text ? "key" : "cert", .secret = true };
	int r = read_named(&cert, cert_text, why);
	if (r == 0)
		r = read_named(&key, key_text ? key_text : cert_text, why);
	if (r == 0) {
		r = gnutls_certificate_set_x509_key_mem2(set->credentials, &cert.bytes,
			&key.bytes, GNUTLS_X509_FMT_PEM, NULL, 0);
		r = r < 0 ? refuse_own(&cert, &key, r, why) : 0;
	}
	if (r == 0)
		look_at_own(set);
	forget(&cert);
	forget(&key);
	return r;
}

static int take_all(
	struct tell_tls_set *set, const struct tell_tls *tls, struct tell_refusal *why)
{
	const char *crl = tell_args_text(tls->args, "crl");
	const char *cert = tell_args_text(tls->args, "cert");
	int r = tls->chain ? take_ca(set, tell_args_text(tls->args, "ca"), why) : 0;
	if (r == 0 && crl)
		r = take_crl(set, crl, why);
	if (r == 0 && cert)
		r = take_own(set, cert, tell_args_text(tls->args, "key"), why);
	return r;
}

int tell_tls_set_new(
	struct tell_tls_set **ret, const struct tell_tls *tls, struct tell_refusal *why)
{
	struct tell_tls_set *set = calloc(1, sizeof(*set));
	if (!set)
		return -ENOMEM;
	set->users = 1;
	int r = gnutls_certificate_allocate_credentials(&set->credentials) < 0 ? -ENOMEM
									       : 0;
	if (r == 0)
		r = take_all(set, tls, why);
	if (r < 0) {
		tell_tls_set_unref(set);
		return r;
	}
	gnutls_certificate_set_verify_function(set->credentials, tell_tls_verify);
	*ret = set;
	return 0;
}

void tell_tls_set_unref(struct tell_tls_set *set)
{
	if (!set || --set->users)
		return;
	if (set->credentials)
		gnutls_certificate_free_credentials(set->credentials);
	free(set);
}
