#!/usr/bin/env python3
"""measured.py N COMMAND...: CPU seconds a million of N records, thousands a second, and the peak of
anonymous memory in MB, of a command whose output is thrown away."""
import os
import subprocess
import sys
import time


def anonymous(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            return next((int(l.split()[1]) for l in f if l.startswith("RssAnon:")), 0)
    except OSError:
        return 0


n, command = int(sys.argv[1]), sys.argv[2:]
begin, peak = time.monotonic(), 0
child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while True:
    pid, status, usage = os.wait4(child.pid, os.WNOHANG)
    if pid:
        break
    peak = max(peak, anonymous(child.pid))
    time.sleep(0.02)
seconds = time.monotonic() - begin
if status:
    sys.exit(f"{command[0]} ended with {status}")
print(f"{(usage.ru_utime + usage.ru_stime) * 1e6 / n:.3f} {n / seconds / 1e3:.1f} {peak / 1024:.1f}")
