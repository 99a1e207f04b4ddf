libtelltale_core_la_SOURCES += \
	src/metric/limit.c \
	src/metric/lines.c \
	src/metric/lines.h \
	src/metric/module.h \
	src/metric/peer.c \
	src/metric/peer.h \
	src/metric/process.c \
	src/metric/publish.c \
	src/metric/shared.c \
	src/metric/shared.h \
	src/metric/statsd.c \
	src/metric/told.c \
	src/metric/told.h
