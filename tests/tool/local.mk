shell_tests += tests/tool/stacks.sh tests/tool/readme.sh

# The examples run.
shell_tests += tests/tool/hello.sh tests/tool/epoll.sh tests/tool/shop.sh
