libtelltale_core_la_SOURCES += \
	src/api/capture.c \
	src/api/deliver.c \
	src/api/deliver.h \
	src/api/drain.c \
	src/api/drain.h \
	src/api/handle.c \
	src/api/handle.h \
	src/api/init.c \
	src/api/init.h \
	src/api/level.c \
	src/api/level.h \
	src/api/log.c \
	src/api/process.c \
	src/api/process.h \
	src/api/program.c \
	src/api/program.h \
	src/api/quick.c \
	src/api/quick.h \
	src/api/rule.c \
	src/api/rule.h \
	src/api/service.c \
	src/api/service.h \
	src/api/service_thread.c \
	src/api/service_thread.h
