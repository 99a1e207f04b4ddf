man_pages += doc/man/telltale-expr.7
EXTRA_DIST += doc/verdicts.md
