#!/bin/bash
# FAULTS row 20 (fault_20) beside logrotate(8), and the writers are killed meanwhile: so many that
# some of them leave half a line.
TELL_KILLS=${TELL_KILLS:-200} exec bash "${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}/tests/fault/logrotate.sh"
