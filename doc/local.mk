man_pages += doc/man/telltale-expr.7
