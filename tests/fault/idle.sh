#!/bin/bash
# A service with a queue that says nothing for a minute: below 0.1 % of a processor.
exec "${top_builddir:-.}/tests/fault/idle" 60
