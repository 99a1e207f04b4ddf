libtelltale_core_la_SOURCES += \
	src/api/capture.c \
	src/api/deliver.c \
	src/api/deliver.h \
	src/api/handle.c \
	src/api/handle.h \
	src/api/init.c \
	src/api/init.h \
	src/api/level.c \
	src/api/level.h \
	src/api/log.c \
	src/api/log.h \
	src/api/process.c \
	src/api/process.h \
	src/api/rule.c \
	src/api/rule.h \
	src/api/service.c \
	src/api/service.h \
	src/api/site.c \
	src/api/site.h \
	src/api/site_of.c \
	src/api/syslog.c \
	src/api/syslog.h
