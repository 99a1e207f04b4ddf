libtelltale_core_la_SOURCES += \
	src/spool/entry.c \
	src/spool/entry.h \
	src/spool/format.h \
	src/spool/opened.c \
	src/spool/opened.h \
	src/spool/position.c \
	src/spool/position.h \
	src/spool/scan.c \
	src/spool/scan.h \
	src/spool/segments.c \
	src/spool/segments.h \
	src/spool/spool.c \
	src/spool/spool.h
