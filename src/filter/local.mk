libtelltale_core_la_SOURCES += \
	src/filter/bucket.c \
	src/filter/bucket.h \
	src/filter/dedup.c \
	src/filter/level.c \
	src/filter/match.c \
	src/filter/module.h \
	src/filter/quota.c \
	src/filter/repeats.c \
	src/filter/repeats.h \
	src/filter/sample.c \
	src/filter/sample.h
