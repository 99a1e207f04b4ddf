# Programs that users copy: compiled as theirs are, with the public headers and nothing else.
# Places are named from the top of the source, wherever that lies.
example_cppflags = -I$(top_srcdir)/include -fmacro-prefix-map=$(srcdir)/=
example_programs = examples/hello examples/epoll examples/count

examples_hello_SOURCES  = examples/hello.c
examples_hello_CPPFLAGS = $(example_cppflags)
examples_hello_LDADD    = libtelltale.la
examples_count_SOURCES  = examples/count.c
examples_count_CPPFLAGS = $(example_cppflags)
examples_count_LDADD    = libtelltale.la
examples_epoll_SOURCES  = examples/epoll.c
examples_epoll_CPPFLAGS = $(example_cppflags)
examples_epoll_LDADD    = libtelltale.la

# The shop, twice from the same sources: with its old log.h and with telltale's. -iquote, not
# -I: <telltale/log.h> must not find shop/telltale/log.h.
shop_sources = examples/shop/main.c examples/shop/http.c examples/shop/orders.c \
	examples/shop/cart.c examples/shop/store.c examples/shop/shop.h
if HAVE_MICROHTTPD
example_programs += examples/shop/printf/shop examples/shop/telltale/shop
endif
examples_shop_printf_shop_SOURCES    = $(shop_sources) examples/shop/printf/log.h \
	examples/shop/printf/log.c examples/shop/printf/serve.c examples/shop/printf/pay.c
examples_shop_printf_shop_CPPFLAGS   = -iquote $(srcdir)/examples/shop \
	-iquote $(srcdir)/examples/shop/printf -D_GNU_SOURCE
examples_shop_printf_shop_CFLAGS     = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS)
examples_shop_printf_shop_LDADD      = $(MICROHTTPD_LIBS)
examples_shop_telltale_shop_SOURCES  = $(shop_sources) examples/shop/telltale/log.h \
	examples/shop/telltale/log.c examples/shop/telltale/serve.c \
	examples/shop/telltale/pay.c examples/shop/telltale/id.h examples/shop/telltale/id.c
examples_shop_telltale_shop_CPPFLAGS = -iquote $(srcdir)/examples/shop \
	-iquote $(srcdir)/examples/shop/telltale $(example_cppflags) -D_GNU_SOURCE
examples_shop_telltale_shop_CFLAGS   = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS)
examples_shop_telltale_shop_LDADD    = libtelltale.la $(MICROHTTPD_LIBS)

noinst_PROGRAMS += $(example_programs)
EXTRA_DIST      += examples/module/enrich_site.c
EXTRA_DIST      += examples/README.md examples/demo.sh examples/with-journald.sh \
	examples/shop/stack/shop

# A daemon on its way from printf, doc/migrating.md: its test builds each step as a user does.
EXTRA_DIST += examples/migrating/ask examples/migrating/0-printf/stashd.c \
	examples/migrating/1-headers/stashd.c examples/migrating/2-calls/stashd.c \
	examples/migrating/3-fields/stashd.c examples/migrating/4-scope/stashd.c
