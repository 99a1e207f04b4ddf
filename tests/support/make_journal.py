#!/usr/bin/env python3
"""make_journal.py DIR N SEED [OPTION...]: N journal entries in the export format, DIR/*.export,
for systemd-journal-remote; request_ids and own_ids in DIR list what is in them.

Entries have 25 fields and a request id that no other has. Three of four are telltale's; the
rest are foreign: printed lines, syslog's, the kernel's, an application's with names of its own,
in turn. Strange values come often, the same ones for the same seed: line feeds, bytes that are
no text, '=' inside, nothing at all, terminal escapes, text beyond ASCII, fields that come twice.

    --start SECONDS   realtime of the first entry since 1970 (an hour ago); entries follow by 20 to 400 us
    --files K         as many files, in order of time
    --boots K         as many boots: monotonic time begins anew
    --jumps K         so often the clock is set back by a minute, in between
    --long K          so many values of a mebibyte, in MESSAGE and in a field
    --twins K         so often an entry has the time, the text and the service of the one before it: only
                      the ids tell them apart, and Loki keeps one of them
    --foreign PERCENT how many entries are foreign (25)
    --plain           no strange values
    --first I         only the entries from I on, counted from 0 ...
    --last J          ... and before J: the journal grows by what a later call adds to it"""
import argparse
import os
import random
import struct
import time

SERVICES = ("shop", "cart", "pay", "search")
UNIQUE = ("REQUEST_ID", "TRACE_ID", "SPAN_ID", "TELL_SEQ", "CENTS")
STRANGE = (
    ("NOTE", b"two\nlines\n"), ("NOTE", b"a=b=c"), ("NOTE", b""), ("NOTE", b"\x1b[31mred\x1b[0m\ttab"),
    ("BLOB", bytes(range(256))), ("BLOB", b"\xff\xfe\xc3\x28 no UTF-8"), ("NOTE", "Grüße, 日本 \U0001f600 \u2028".encode()),
    ("NOTE", b'{"json":"inside \\"quotes\\""}'), ("NOTE", b"x" * 3000), ("NOTE", b" leading and trailing "),
)


def write_field(out, name, value):
    """A value with control characters, or that is no UTF-8, has its length before it."""
    is_plain = all(c >= 32 or c == 9 for c in value)
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        is_plain = False
    if is_plain:
        out.write(name.encode() + b"=" + value + b"\n")
    else:
        out.write(name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n")


class Clock:
    """Realtime and monotonic microseconds, with boots and jumps where the options want them."""

    def __init__(self, r, options):
        start = options.start if options.start is not None else int(time.time()) - 3600
        self.r, self.realtime, self.monotonic = r, start * 10**6, 10**7
        self.boot, self.pause = self.new_boot(), (options.jumps + 1) * 120 * 10**6
        self.boots = {i * options.n // options.boots for i in range(1, options.boots)}
        self.twins = {1 + 2 * i for i in range(options.twins)}
        self.jumps = {(2 * i + 1) * options.n // (2 * options.jumps) for i in range(options.jumps)}

    def new_boot(self):
        return f"{self.r.getrandbits(128) | 1:032x}"

    def step(self, i):
        gap = 0 if i in self.twins else self.r.randint(20, 400)
        self.realtime, self.monotonic = self.realtime + gap, self.monotonic + gap
        if i in self.boots:
            self.boot, self.monotonic = self.new_boot(), 10**7
            self.realtime += self.pause  # or readers of several files could not tell which is first
        if i in self.jumps:
            self.realtime -= 60 * 10**6


def trusted(service, pid, transport):
    """What journald itself would have said."""
    return [("_TRANSPORT", transport), ("_PID", str(pid)), ("_UID", "33"), ("_GID", "33"), ("_COMM", service),
            ("_EXE", f"/usr/bin/{service}"), ("_CMDLINE", f"/usr/bin/{service} --serve"), ("_CAP_EFFECTIVE", "0"),
            ("_SYSTEMD_CGROUP", f"/system.slice/{service}.service"), ("_SYSTEMD_UNIT", f"{service}.service"),
            ("_SYSTEMD_SLICE", "system.slice")]


def own(r, i, request_id):
    service = SERVICES[i % len(SERVICES)]
    # 13 fields of ours
    return [("MESSAGE", f"payment {i} of order {r.randint(1, 10**7)} taken in {r.randint(1, 900)} ms"),
            ("PRIORITY", r.choice("66666543")), ("SYSLOG_IDENTIFIER", service), ("REQUEST_ID", request_id),
            ("TRACE_ID", f"{r.getrandbits(128) | 1:032x}"), ("SPAN_ID", f"{r.getrandbits(64) | 1:016x}"),
            ("TENANT_ID", f"t{i % 50}"), ("USER", r.choice(("ann", "bob", "cid"))), ("CENTS", str(r.randint(1, 10**5))),
            ("TELL_SEQ", f"{r.getrandbits(32):08x}.1.{i + 1}"), ("CODE_FILE", "src/pay.c"), ("CODE_LINE", "42"),
            ("CODE_FUNC", "pay_take")] + trusted(service, 1000 + i % 4, "journal")


def foreign(r, i, request_id):
    """Nothing says request_id but these tests: a foreign entry has it to be counted by."""
    also = [("REQUEST_ID", request_id)]
    kind = i // 4 % 4
    if kind == 0:
        return also + [("MESSAGE", f"GET /item/{i} 200"), ("PRIORITY", "6"), ("SYSLOG_IDENTIFIER", "web"),
                       ("_STREAM_ID", f"{r.getrandbits(128):032x}")] + trusted("web", 77, "stdout")
    if kind == 1:
        return also + [("MESSAGE", f"(root) CMD (job {i})"), ("PRIORITY", "5"), ("SYSLOG_FACILITY", "9"),
                       ("SYSLOG_IDENTIFIER", "cron"), ("SYSLOG_PID", "88"),
                       ("SYSLOG_TIMESTAMP", "Nov 27 14:00:00 ")] + trusted("cron", 88, "syslog")
    if kind == 2:
        return also + [("MESSAGE", f"eth0: link up {i}"), ("PRIORITY", "4"), ("SYSLOG_FACILITY", "0"),
                       ("SYSLOG_IDENTIFIER", "kernel"), ("_TRANSPORT", "kernel"), ("_KERNEL_SUBSYSTEM", "net")]
    return also + [("PRIORITY", "3"), ("COREDUMP_PID", str(i)), ("COREDUMP_COMM", "db"), ("TRACEPARENT_X", "none"),
                   ("CODE_FILE", "../db.c")] + trusted("db", 99, "journal")  # with no MESSAGE


def strange(r, fields):
    kind = r.randrange(len(STRANGE) + 3)
    if kind < len(STRANGE):
        return fields + [STRANGE[kind]]
    if kind == len(STRANGE):
        return fields + [("TAG", "one"), ("TAG", "two"), ("TAG", "three")]
    if kind == len(STRANGE) + 1:
        return [(k, "first line\nsecond line") if k == "MESSAGE" else (k, v) for k, v in fields]
    return [(k, b"bytes \xff\xfe in it") if k == "MESSAGE" else (k, v) for k, v in fields]


def entry(out, clock, fields):
    head = (("__CURSOR", "none"), ("__REALTIME_TIMESTAMP", str(clock.realtime)),
            ("__MONOTONIC_TIMESTAMP", str(clock.monotonic)), ("_BOOT_ID", clock.boot))
    for name, value in [*head, *fields, ("_MACHINE_ID", "0123456789abcdef0123456789abcdef"), ("_HOSTNAME", "host1")]:
        write_field(out, name, value if isinstance(value, bytes) else value.encode())
    out.write(b"\n")


def make(options, r):
    clock = Clock(r, options)
    longs = {(2 * i + 1) * options.n // (2 * options.long) for i in range(options.long)}
    ids, ours, out, at = [], [], open(os.devnull, "wb"), -1
    for i in range(options.n if options.last is None else options.last):
        file = i * options.files // options.n
        if file != at and i >= options.first:
            out.close()
            at, out = file, open(os.path.join(options.dir, f"part{file:03}.export"), "wb")
        clock.step(i)
        is_ours = r.randrange(100) >= options.foreign
        is_twin = i in clock.twins
        request_id = ("r-" if is_ours else "f-") + f"{i:06x}{r.getrandbits(40):010x}"
        fields = (own if is_ours else foreign)(r, i, request_id)
        if is_twin:
            fields = [(k, v) for k, v in before if k not in UNIQUE] + [(k, v) for k, v in fields if k in UNIQUE]
        if not options.plain and not is_twin and i + 1 not in clock.twins and r.randrange(8) == 0:
            fields = strange(r, fields)
        if i in longs:
            fields = [(k, v) for k, v in fields if k != "MESSAGE"] + [
                ("MESSAGE", f"long {i} " + "m" * (1 << 20)), ("LONG", "l" * (1 << 20))]
        before = fields
        if i < options.first:
            continue
        entry(out, clock, fields)
        ids.append(request_id)
        if is_ours:
            ours.append(request_id)
    out.close()
    for name, lines in (("request_ids", ids), ("own_ids", ours)):
        with open(os.path.join(options.dir, name), "a" if options.first else "w", encoding="ascii") as listed:
            listed.writelines(line + "\n" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("dir")
    parser.add_argument("n", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--start", type=int)
    for name, default in (("files", 1), ("boots", 1), ("jumps", 0), ("long", 0), ("foreign", 25), ("twins", 0), ("first", 0),
                          ("last", None)):
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    make(options, random.Random(options.seed))


if __name__ == "__main__":
    main()
