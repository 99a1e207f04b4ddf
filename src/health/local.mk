libtelltale_core_la_SOURCES += \
	src/health/callback.c \
	src/health/callback.h \
	src/health/disk.c \
	src/health/memory.c \
	src/health/memory.h \
	src/health/module.h \
	src/health/postgres.c \
	src/health/probe.c \
	src/health/probe.h \
	src/health/redis.c \
	src/health/tcp.c \
	src/health/watchdog.c \
	src/health/watchdog.h
