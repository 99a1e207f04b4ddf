libtelltale_core_la_SOURCES += \
	src/base/buf.c \
	src/base/buf.h \
	src/base/bytes.c \
	src/base/bytes.h \
	src/base/cleanup.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/clock_parse.c \
	src/base/copy.h \
	src/base/digits.h \
	src/base/double_parse.c \
	src/base/double_put.c \
	src/base/glob.c \
	src/base/glob.h \
	src/base/halfway.c \
	src/base/halfway.h \
	src/base/hash.c \
	src/base/hash.h \
	src/base/nearest.c \
	src/base/nearest.h \
	src/base/number.c \
	src/base/number.h \
	src/base/pool.c \
	src/base/pool.h \
	src/base/power10.c \
	src/base/power10.h \
	src/base/scan.c \
	src/base/scan.h \
	src/base/scan_sse2.h \
	src/base/scan_word.h \
	src/base/siphash.c \
	src/base/size.c \
	src/base/size.h \
	src/base/utf8.c \
	src/base/utf8.h \
	src/base/wide.h
EXTRA_DIST += src/base/power10.py
