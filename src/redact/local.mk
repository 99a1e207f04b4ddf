# Modules in objects of their own: they link nothing of ours.
if SHARED
if HAVE_PCRE2
pkglib_LTLIBRARIES += tell_redact_regex.la
endif
endif
tell_redact_regex_la_SOURCES = src/redact/regex.c
tell_redact_regex_la_CFLAGS  = $(AM_CFLAGS) $(PCRE2_CFLAGS)
tell_redact_regex_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared
tell_redact_regex_la_LIBADD  = $(PCRE2_LIBS)

libtelltale_core_la_SOURCES += \
	src/redact/bare.c \
	src/redact/bearer.c \
	src/redact/block.c \
	src/redact/card.c \
	src/redact/detect.c \
	src/redact/detect.h \
	src/redact/element.c \
	src/redact/gap.h \
	src/redact/harmless.c \
	src/redact/hide.c \
	src/redact/hide.h \
	src/redact/iban.c \
	src/redact/insert.c \
	src/redact/issued.c \
	src/redact/issuers.c \
	src/redact/issuers.def \
	src/redact/issuers.h \
	src/redact/jwt.c \
	src/redact/keyed.h \
	src/redact/keys.c \
	src/redact/letter.c \
	src/redact/mask.c \
	src/redact/mask.h \
	src/redact/module.h \
	src/redact/named.c \
	src/redact/names.c \
	src/redact/names.h \
	src/redact/opaque.c \
	src/redact/pair.c \
	src/redact/pair.h \
	src/redact/pem.c \
	src/redact/percent.c \
	src/redact/phrase.c \
	src/redact/pii.c \
	src/redact/placed.c \
	src/redact/search.c \
	src/redact/search.h \
	src/redact/search_avx2.c \
	src/redact/search_ssse3.c \
	src/redact/search_wide.inc \
	src/redact/secret.c \
	src/redact/secret.h \
	src/redact/shaped.c \
	src/redact/spans.c \
	src/redact/spans.h \
	src/redact/stops.h \
	src/redact/style.c \
	src/redact/style.h \
	src/redact/text.c \
	src/redact/text.h \
	src/redact/unicode.c \
	src/redact/unicode.h \
	src/redact/url.c \
	src/redact/value.c
