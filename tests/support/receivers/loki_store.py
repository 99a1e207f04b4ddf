"""loki_store.py: tenants, streams and entries of the fake Loki, and its limits of rate and number."""
import re
import collections
import threading
import time

import loki_rules
from web import Answer

MATCHER = re.compile(r'\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)\s*,?')
LINE_FILTER = re.compile(r'\s*(\|=|!=|\|~|!~)\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)')


class Bucket:
    """Go's rate.Limiter.AllowN: a burst is there at once, and all that is asked for is had or none."""

    def __init__(self, rate, burst):
        self.rate, self.burst, self.left, self.when = rate, burst, burst, time.monotonic()

    def take(self, n):
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.when) * self.rate)
        self.when = now
        if n > self.left:
            return False
        self.left -= n
        return True


class Kept:
    """One stream: the labels are its identity; time and line are an entry's, metadata is not."""

    def __init__(self, labels, limits):
        self.labels, self.entries, self.seen = labels, [], set()
        self.newest = None
        self.bucket = Bucket(limits["stream_rate"], limits["stream_burst"])
        self.is_poisoned = False

    def push(self, stream, limits, tenant):
        """(stored, None), or (stored, (status, why))."""
        new, late, highest = [], [], self.newest
        for entry in stream.entries:
            cutoff = None if highest is None else highest - limits["behind_s"] * 10**9
            if limits["behind_s"] and cutoff is not None and entry.ns < cutoff:
                late.append((entry, f"entry too far behind, entry timestamp is: {entry.ns}, oldest acceptable timestamp is: {cutoff}"))
                continue
            highest = entry.ns if highest is None else max(highest, entry.ns)
            new.append(entry)
        if limits["stream_burst"] and not self.bucket.take(sum(e.bytes for e in new)):
            why = (f"Per stream rate limit exceeded (limit: {limits['stream_rate']}B/sec) while attempting to ingest "
                   f"for stream '{stream.name()}', consider splitting a stream via additional labels or contact your "
                   "Loki administrator to see if the limit can be increased")
            return 0, (429, self._ignored([(e, why) for e in new], stream, tenant))
        self.newest = highest
        stored = sum(self._keep(e) for e in new)
        return stored, (400, self._ignored(late, stream, tenant)) if late else None

    def _keep(self, entry):
        if entry.line == "" or (entry.ns, entry.line) in self.seen:
            return False
        self.seen.add((entry.ns, entry.line))
        self.entries.append(entry)
        self.is_poisoned = self.is_poisoned or loki_rules.is_poison(entry)
        return True

    @staticmethod
    def _ignored(failed, stream, tenant):
        each = "".join(f"entry with timestamp {e.ns} ignored, reason: '{why}',\n" for e, why in failed[:10])
        return (f"{each}user '{tenant}', total ignored: {len(failed)} out of {len(stream.entries)} "
                f"for stream: {stream.name()}")


def grouped(faults):
    """Faults of single entries, the same ones as one with their number."""
    if len(faults) < 2:
        return "".join(faults)
    return "; ".join(f"{n} errors like: {text}" for text, n in collections.Counter(faults).items())


class Store:
    def __init__(self, limits):
        self.limits = limits
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        self._streams, self._buckets = {}, {}  # tenant -> label text -> Kept; tenant -> Bucket

    def push(self, tenant, streams):
        with self._lock:
            return self._push(tenant, streams)

    def _push(self, tenant, streams):
        valid, faults = self._valid(streams)
        n = sum(len(s.entries) for s in streams)
        notes = {"tenant": tenant, "entries": n, "stored": 0}
        first = grouped(faults)
        if not valid:
            return Answer(400, first + "\n", notes=notes) if faults else Answer(204, notes=notes)
        entries = [e for s in valid for e in s.entries]
        total = sum(e.bytes for e in entries)
        limits = self.limits
        bucket = self._buckets.setdefault(tenant, Bucket(limits["rate"], limits["burst"]))
        if limits["burst"] and not bucket.take(total):
            return Answer(429, f"Ingestion rate limit exceeded for user {tenant} (limit: {limits['rate']} bytes/sec) "
                          f"while attempting to ingest '{len(entries)}' lines totaling '{total}' bytes, reduce log "
                          "volume or contact your Loki administrator to see if the limit can be increased\n", notes=notes)
        notes["stored"], fault = self._ingest(tenant, valid)
        if fault:
            return Answer(fault[0], fault[1] + "\n", notes=notes)
        return Answer(400, first + "\n", notes=notes) if faults else Answer(204, notes=notes)

    def _valid(self, streams):
        valid, faults, now_ns = [], [], time.time_ns()
        for stream in streams:
            if not stream.entries:
                continue
            fault = loki_rules.stream_fault(stream, self.limits)
            if fault:
                faults.append(fault)
                continue
            labels = {**stream.labels, "service_name": loki_rules.service_name(stream.labels)}
            kept = loki_rules.Stream(labels, [])
            name = kept.name()
            for entry in stream.entries:
                fault = loki_rules.entry_fault(entry, name, self.limits, now_ns)
                (faults if fault else kept.entries).append(fault or entry)
            if kept.entries:
                valid.append(kept)
        return valid, faults

    def _ingest(self, tenant, streams):
        """(stored, the last fault): one stream's does not keep the others out."""
        stored, last = 0, None
        known = self._streams.setdefault(tenant, {})
        for stream in streams:
            name = stream.name()
            if name not in known:
                if self.limits["streams"] and len(known) >= self.limits["streams"]:
                    last = (429, f"Maximum active stream limit exceeded when trying to create stream {name}, reduce "
                            "the number of active streams (reduce labels or reduce label values), or contact your "
                            f"Loki administrator to see if the limit can be increased, user: '{tenant}'")
                    continue
                known[name] = Kept(stream.labels, self.limits)
            n, fault = known[name].push(stream, self.limits, tenant)
            stored += n
            last = fault or last
        return stored, last

    def dump(self):
        with self._lock:
            return [{"tenant": tenant, "labels": kept.labels, "ns": str(e.ns), "line": e.line,
                     "metadata": dict(e.metadata)}
                    for tenant, known in self._streams.items() for kept in known.values() for e in kept.entries]

    def query(self, tenant, question):
        """GET query_range: a selector and line filters; labels come with the metadata in them."""
        with self._lock:
            known = list(self._streams.get(tenant, {}).values())
        selector, _, rest = question["query"].partition("}")
        found = [k for k in known if all(is_match(k.labels, m) for m in MATCHER.findall(selector))]
        if any(k.is_poisoned for k in found):
            return 500, "err while creating labelset for stream"
        start, end = int(question.get("start", 0)), int(question.get("end", 1 << 63))
        filters = LINE_FILTER.findall(rest)
        rows = [(e.ns, e.line, {**k.labels, **dict(e.metadata)}) for k in found for e in k.entries
                if start <= e.ns < end and all(has_line(e.line, f) for f in filters)]
        rows.sort(key=lambda row: row[0], reverse=question.get("direction") != "forward")
        result = {}
        for ns, line, labels in rows[:int(question.get("limit", 100))]:
            stream = result.setdefault(loki_rules.label_text(labels), {"stream": labels, "values": []})
            stream["values"].append([str(ns), line])
        return 200, {"status": "success", "data": {"resultType": "streams", "result": list(result.values())}}


def is_match(labels, matcher):
    name, operator, quoted, raw = matcher
    value, want = labels.get(name, ""), quoted.encode().decode("unicode_escape") or raw
    hit = bool(re.fullmatch(want, value)) if "~" in operator else value == want
    return hit == (operator[0] == "=")


def has_line(line, line_filter):
    operator, quoted, raw = line_filter
    want = quoted.encode().decode("unicode_escape") or raw
    hit = bool(re.search(want, line)) if "~" in operator else want in line
    return hit == (operator[0] == "|")
