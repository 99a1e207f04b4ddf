shell_tests += tests/tool/stacks.sh
