#include "unit/base/scan_cases.h"

TELL_CHECK_MAIN(scan_suite)
