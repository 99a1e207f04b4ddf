#!/usr/bin/env python3
"""A corpus of records with and without secrets, through `telltale redact`, and what became of them.

    corpus.py --score COMMAND... [-n N] [--seed S] [--held-out] [--profile pii] [-v]
    corpus.py --show [-n N]             the records, as JSON lines

recall   records of which no secret survives whole
strict   ... nor half of one: a run of its bytes of at least 6 and half of it
keep     pieces of context that survive
fp       clean records that did not come out as they went in, byte for byte
broken   records that were JSON and are not any more

Settings, kinds and values are drawn from a seed. --held-out draws from another seed, and only
pairs of which the kind, the setting or both never occur without it: whoever tunes rules by the
one corpus has not seen the other. Values are made here, at run time; none is in the source."""
import argparse
import collections
import json
import random
import subprocess
import sys
import zlib

import kinds
import lookalikes
import settings

MARK = "#=== "
GOAL = {"recall": 0.97, "strict": 0.97, "keep": 0.99, "fp": 0.002, "broken": 0}
SMALL = ("fp", "broken")  # the less the better


def held(name, part):
    """Is it kept for the held-out corpus?"""
    return zlib.crc32(name.encode()) % part == 0


def usable(kind, setting, s):
    """Some values cannot be written in some places."""
    multi = "\n" in s.value or " " in s.value
    if setting.startswith(("url-", "query", "fragment", "form", "cookie", "set-cookie")) and len(s.value) > 400:
        return False
    if kind in ("slack-webhook", "discord-webhook") and setting in ("url-path", "url-user", "header", "authorization"):
        return False
    return not (multi and setting in ("url-user", "url-path", "header", "authorization", "go-headers", "cookie",
                                      "set-cookie", "bearer-in-text", "java-record", "csharp-record", "table",
                                      "json-unicode-escapes", "multipart", "columns", "colon"))


def pairs(all_kinds, held_out):
    """All (kind, setting) that may occur."""
    out = []
    for kind in all_kinds:
        for is_named, table in ((True, settings.NAMED), (False, settings.BARE)):
            if not is_named and not kinds.is_bare(kind):
                continue
            for setting in table:
                rare = held(kind[0] + "k", 5) or held(setting[0], 4)
                if rare == held_out:
                    out.append((kind, setting))
    return out


def strings(s):
    """What must not be found in the output: each spelling; of a key its lines."""
    found = {s.value, *s.forms}
    for text in list(found):
        found.update(text.replace("\\n", "\n").split("\n"))
    ends = ("-----BEGIN", "-----END", "Version:")
    return sorted(t for t in found if len(t) >= 3 and not t.startswith(ends) and (len(t) >= 12 or t == s.value))


def secret_records(r, n, held_out, table):
    combos = pairs(table, held_out)
    whole = [w for w in settings.WHOLE if held(w[0], 4) == held_out]
    while n:
        if whole and r.random() < .12:
            setting, make = r.choice(whole)
            s, text = make(r)
            kind = "whole"
        else:
            (kind, names, value), (setting, write) = r.choice(combos)
            s = settings.Scene(r, r.choice(names), value(r))
            if not usable(kind, setting, s):
                continue
            text = write(s)
        n -= 1
        yield {"kind": kind.lstrip("-"), "setting": setting, "text": text, "secrets": strings(s),
               "keep": [k for k in s.keep if k not in s.value]}


def clean_records(r, n, held_out):
    for i in range(n):
        kind, make = lookalikes.ALL[i % len(lookalikes.ALL)]
        yield {"kind": kind, "setting": "clean", "text": make(r), "secrets": [], "keep": []}


def corpus(n, seed, held_out, profile):
    r = random.Random("%d%s" % (seed, "held" if held_out else ""))
    table = kinds.KINDS + (kinds.PII if profile == "pii" else [])
    return list(secret_records(r, n, held_out, table)) + list(clean_records(r, n, held_out))


# ---- scoring ----------------------------------------------------------------------------------
def survives(secret, out):
    return secret in out


def half_survives(secret, out):
    n = max(6, (len(secret) + 1) // 2)
    if len(secret) < n:
        return secret in out
    return any(secret[i:i + n] in out for i in range(len(secret) - n + 1))


def is_json(text):
    try:
        return isinstance(json.loads(text), (dict, list))
    except ValueError:
        return False


def run(command, records):
    """The outputs, in order: one input, with a line of its own between the records."""
    text = "".join("%s%d\n%s\n" % (MARK, i, rec["text"]) for i, rec in enumerate(records))
    done = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    parts = ("\n" + done.stdout.decode(errors="replace")).split("\n" + MARK)[1:]
    outs = {int(p.split("\n", 1)[0]): p.split("\n", 1)[1] for p in parts}
    return [outs.get(i, "").removesuffix("\n") if i == len(records) - 1 else outs.get(i, "")
            for i in range(len(records))]


class Score:
    def __init__(self):
        self.n = self.leaks = self.halves = self.keep = self.kept = self.clean = self.changed = 0
        self.json = self.broken = 0

    def add(self, rec, out):
        if is_json(rec["text"]):
            self.json += 1
            self.broken += not is_json(out)
        if not rec["secrets"]:
            self.clean += 1
            self.changed += out != rec["text"]
            return
        self.n += 1
        self.leaks += any(survives(s, out) for s in rec["secrets"])
        self.halves += any(half_survives(s, out) for s in rec["secrets"])
        self.keep += len(rec["keep"])
        self.kept += sum(k in out for k in rec["keep"])

    def figures(self):
        f = {}
        if self.n:
            f["recall"], f["strict"] = 1 - self.leaks / self.n, 1 - self.halves / self.n
        if self.keep:
            f["keep"] = self.kept / self.keep
        if self.clean:
            f["fp"] = self.changed / self.clean
        if self.broken:
            f["broken"] = self.broken / self.json
        return f


def table(title, scores, all_of_them):
    rows = sorted(scores.items(), key=lambda x: (x[1].figures().get("strict", 1 - x[1].figures().get("fp", 0)), x[0]))
    for name, s in rows:
        f = s.figures()
        if all_of_them or f.get("strict", 1) < 1 or f.get("fp", 0) > 0 or f.get("keep", 1) < 1:
            print("%-8s %-26s %5d  %s" % (title, name, s.n or s.clean,
                                          "  ".join("%s %.3f" % (k, v) for k, v in f.items())))


def report(records, outs, verbose):
    total = Score()
    by = {"kind": collections.defaultdict(Score), "setting": collections.defaultdict(Score)}
    for rec, out in zip(records, outs):
        total.add(rec, out)
        by["kind"][rec["kind"]].add(rec, out)
        by["setting"][rec["setting"]].add(rec, out)
        bad = out != rec["text"] if not rec["secrets"] else any(half_survives(s, out) for s in rec["secrets"])
        if bad and verbose:
            print("%s / %s\n  < %s\n  > %s" % (rec["kind"], rec["setting"], rec["text"], out))
    for title, scores in by.items():
        table(title, scores, verbose > 1)
    figures = total.figures()
    for name, goal in GOAL.items():
        print("%-7s %.4f  goal %s %.3f" % (name, figures.get(name, 0), "<=" if name in SMALL else ">=", goal))
    return figures


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("-n", type=int, default=2000, help="records with a secret, and as many clean ones")
    p.add_argument("--seed", type=int, default=4)
    p.add_argument("--held-out", action="store_true")
    p.add_argument("--profile", default="default")
    p.add_argument("--show", action="store_true")
    p.add_argument("-v", action="count", default=0, help="the records that fail; twice: all rows, too")
    p.add_argument("--least", action="append", default=[], help="recall=0.9: exit 1 below it; fp, broken: above it")
    p.add_argument("--score", nargs=argparse.REMAINDER, help="the filter and its arguments; the last option")
    a = p.parse_args()
    records = corpus(a.n, a.seed, a.held_out, a.profile)
    if a.show:
        for rec in records:
            print(json.dumps(rec, ensure_ascii=False))
        return 0
    figures = report(records, run(a.score, records), a.v)
    missed = 0
    for least in a.least:
        name, bound = least.split("=")
        got = figures.get(name, 0)
        if (got > float(bound)) if name in SMALL else (got < float(bound)):
            print("%s is %.4f, not %s" % (name, got, bound))
            missed = 1
    return missed


if __name__ == "__main__":
    sys.exit(main())
