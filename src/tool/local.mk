telltale_SOURCES += src/tool/main.c
