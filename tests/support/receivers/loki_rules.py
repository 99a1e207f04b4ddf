"""loki_rules.py: what Loki 3.2 makes of a push before a stream sees it: JSON, labels, entries."""
import json
import re
import time

LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
SERVICE_LABELS = ("service_name", "service", "app", "application", "name", "app_kubernetes_io_name",
                  "container", "container_name", "component", "workload", "job")
SAFE_IN_TENANT = "!-_.*'()"


class Malformed(Exception):
    """Nothing of the request is stored."""


class Entry:
    def __init__(self, ns, line, metadata):
        self.ns, self.line, self.metadata = ns, line, metadata
        self.metadata_bytes = sum(size(k) + size(v) for k, v in metadata)
        self.bytes = size(line) + self.metadata_bytes


class Stream:
    def __init__(self, labels, entries):
        self.labels, self.entries = labels, entries

    def name(self):
        return label_text(self.labels)


def size(text):
    return len(text.encode("utf-8", "surrogateescape" if text.isascii() else "surrogatepass"))


def label_text(labels):
    inside = ", ".join(f"{k}={json.dumps(v, ensure_ascii=False)}" for k, v in sorted(labels.items()))
    return "{" + inside + "}"


def tenant_fault(tenant):
    """Why X-Scope-OrgID names no tenant; None: it does."""
    if not tenant:
        return "no org id"
    if len(tenant) > 150:
        return "tenant ID is too long: max 150 characters"
    if tenant in (".", ".."):
        return "tenant ID is '.' or '..'"
    for c in tenant:
        if not (c.isascii() and c.isalnum() or c in SAFE_IN_TENANT):
            return f"tenant ID '{tenant}' contains unsupported character '{c}'"
    return None


def no_constant(text):
    raise ValueError(f"{text} is no JSON")


def parse(body):
    """The streams of a push request, or Malformed."""
    try:
        text = body.decode("utf-8", "surrogateescape")
        push = json.loads(text, parse_constant=no_constant)
    except ValueError as error:
        raise Malformed(f"loghttp.PushRequest.Streams: unmarshalerDecoder: {error}") from error
    if not isinstance(push, dict) or not isinstance(push.get("streams", []), list):
        raise Malformed("loghttp.PushRequest.Streams: decode slice: expect [ or n")
    return [parse_stream(s) for s in push.get("streams", [])]


def parse_stream(stream):
    if not isinstance(stream, dict):
        raise Malformed("unmarshalerDecoder: Value is not an object")
    labels = stream.get("stream", {})
    if not isinstance(labels, dict) or not all(isinstance(v, str) for v in labels.values()):
        raise Malformed("unmarshalerDecoder: labels are not strings")
    for name in labels:
        if not LABEL_NAME.match(name):
            raise Malformed(f"couldn't parse labels: 1:2: parse error: unexpected character inside braces: {name!r}")
    values = stream.get("values", [])
    if not isinstance(values, list):
        raise Malformed("unmarshalerDecoder: Value is not an array")
    return Stream(labels, [parse_entry(v) for v in values])


def parse_entry(value):
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        raise Malformed("unmarshalerDecoder: Value is not an entry")
    ns, line = value[:2]
    if not isinstance(ns, str) or not re.match(r"-?[0-9]{1,19}\Z", ns) or not isinstance(line, str):
        raise Malformed("unmarshalerDecoder: Value is not a string: timestamp or line")
    metadata = value[2] if len(value) == 3 else {}
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise Malformed("unmarshalerDecoder: Value is not a string: structured metadata")
    return Entry(int(ns), line, [(metadata_name(k), v) for k, v in metadata.items()])


def metadata_name(name):
    """Prometheus' NormalizeLabel(); letters beyond ASCII stay, and poison the stream."""
    name = "".join(c if c.isalnum() else "_" for c in name)
    if name[:1].isdigit():
        return "key_" + name
    return "key" + name if name.startswith("_") and not name.startswith("__") else name


def is_poison(entry):
    return any(not k.isascii() for k, _ in entry.metadata)


def service_name(labels):
    """The label that Loki adds, which does not count for the limit of labels."""
    return next((labels[k] for k in SERVICE_LABELS if labels.get(k)), "unknown_service")


def stream_fault(stream, limits):
    n = len(stream.labels)
    if limits["labels"] and n > limits["labels"]:
        return f"entry for stream '{stream.name()}' has {n} label names; limit {limits['labels']}"
    for name, value in stream.labels.items():
        if limits["label_name"] and size(name) > limits["label_name"]:
            return f"stream '{stream.name()}' has label name too long: '{name}'"
        if limits["label_value"] and size(value) > limits["label_value"]:
            return f"stream '{stream.name()}' has label value too long: '{value}'"
    return None


def at(ns):
    """As Loki writes a time in what it says: to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ns // 10**9))


def entry_fault(entry, name, limits, now_ns):
    oldest = now_ns - limits["age_s"] * 10**9
    if limits["age_s"] and entry.ns < oldest:
        return f"entry for stream '{name}' has timestamp too old: {at(entry.ns)}, oldest acceptable timestamp is: {at(oldest)}"
    if limits["ahead_s"] and entry.ns > now_ns + limits["ahead_s"] * 10**9:
        return f"entry for stream '{name}' has timestamp too new: {at(entry.ns)}"
    n = size(entry.line)
    if limits["line"] and n > limits["line"]:
        return f"Max entry size '{limits['line']}' bytes exceeded for stream '{name}' while adding an entry with length '{n}' bytes"
    if not entry.metadata:
        return None
    if not limits["metadata"]:
        return f"stream '{name}' includes structured metadata, but this feature is disallowed."
    if limits["metadata_bytes"] and entry.metadata_bytes > limits["metadata_bytes"]:
        return f"stream '{name}' has structured metadata too large: '{entry.metadata_bytes}' bytes, limit: '{limits['metadata_bytes']}' bytes."
    n = len(entry.metadata)
    if limits["metadata_count"] and n > limits["metadata_count"]:
        return f"stream '{name}' has too many structured metadata labels: '{n}', limit: '{limits['metadata_count']}'."
    return None
