# For programs that read what was written; the library only writes.
libtelltale_tool_la_SOURCES += \
	src/decode/field_arg.c \
	src/decode/field_arg.h \
	src/decode/input.c \
	src/decode/input.h \
	src/decode/input_json.c \
	src/decode/input_logfmt.c \
	src/decode/input_preamble.c \
	src/decode/json_read.c \
	src/decode/json_read.h \
	src/decode/preamble.c \
	src/decode/preamble.h \
	src/decode/preamble_bracket.c \
	src/decode/preamble_cursor.h \
	src/decode/preamble_epoch.c \
	src/decode/preamble_place.c \
	src/decode/preamble_time.c \
	src/decode/preamble_word.c
