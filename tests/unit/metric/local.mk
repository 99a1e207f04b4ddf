unit_tests += \
	tests/unit/metric/check_publish \
	tests/unit/metric/check_statsd \
	tests/unit/metric/check_told

# Of metric expose, which is in an object of its own: what needs nothing of libmicrohttpd.
unit_tests += tests/unit/metric/check_expose_accept tests/unit/metric/check_expose_clients
tests_unit_metric_check_expose_accept_SOURCES = tests/unit/metric/check_expose_accept.c \
	src/metric/expose_accept.c
tests_unit_metric_check_expose_clients_SOURCES = tests/unit/metric/check_expose_clients.c \
	src/metric/expose_clients.c
