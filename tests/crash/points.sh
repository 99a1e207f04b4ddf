#!/bin/bash
# FAULTS row 2: kill -9 at each named point (builds with --enable-assert).
exec "${top_builddir:-.}/tests/crash/kill" points
