"""swaps.py LOG VICTIM N: N times takes the log away, puts a link to VICTIM at its place for a
moment, and takes that away; all that was taken away is kept beside it."""
import os
import sys

log, victim, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
kept = 0
for i in range(n):
    try:
        os.rename(log, f"{log}.kept{kept}")
        kept += 1
    except FileNotFoundError:
        pass
    try:
        (os.link if i % 8 == 7 else os.symlink)(victim, log)
    except FileExistsError:
        continue
    try:
        os.rename(log, f"{log}.swapped{i}")  # whatever it is by now: nothing is deleted
    except FileNotFoundError:
        pass
