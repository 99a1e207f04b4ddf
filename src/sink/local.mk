libtelltale_core_la_SOURCES += \
	src/sink/append.c \
	src/sink/append.h \
	src/sink/console.c \
	src/sink/console.h \
	src/sink/datagram.c \
	src/sink/datagram.h \
	src/sink/file.c \
	src/sink/held.c \
	src/sink/held.h \
	src/sink/journald.c \
	src/sink/journald.h \
	src/sink/logfile.c \
	src/sink/logfile.h \
	src/sink/mask.c \
	src/sink/mask.h \
	src/sink/module.h \
	src/sink/outage.c \
	src/sink/outage.h \
	src/sink/shape.c \
	src/sink/shape.h \
	src/sink/stderr.c \
	src/sink/stdout.c \
	src/sink/wait.c \
	src/sink/wait.h
