# What a script can see without running the library.
shell_tests += tests/lint/layers.sh
