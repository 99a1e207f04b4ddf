#!/bin/bash
# Ten times the random stacks of `make check`, against libpam.
set -eu
TELL_TEST_COUNT=${TELL_TEST_COUNT:-20000} exec "$top_builddir/tests/stack/check_pam_oracle"
