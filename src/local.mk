# src/builtin.c, the list of the modules, is added here.
