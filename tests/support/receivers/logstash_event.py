"""logstash_event.py: what Logstash makes of JSON: the codecs json and json_lines, and event v1.

A time that is no ISO-8601 text, tags that are no texts, and lines that are no JSON are kept and
tagged, not refused: a sender never learns of it, so a test has to look. "odd" in a dumped
event says what Logstash takes without a tag and a reader stumbles over."""
import datetime
import json
import re
import threading

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
                 r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z")


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def no_constant(text):
    raise ValueError(f"{text} is no JSON")


class Odd:
    """Collects what is odd while json.loads() walks the text."""

    def __init__(self):
        self.found = set()

    def pairs(self, pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            self.found.add("duplicate key")
        if any("[" in name or "]" in name for name in names):
            self.found.add("key cannot be referenced")
        return dict(pairs)


def tagged(event, tag):
    event.setdefault("tags", []).append(tag)


def settle(event):
    """Event v1: the names that Logstash itself uses must have their types."""
    tags = event.get("tags", [])
    if isinstance(tags, str):
        event["tags"] = [tags]
    elif not (isinstance(tags, list) and all(isinstance(t, str) for t in tags)):
        event["_tags"] = event.pop("tags")
        tagged(event, "_tagsparsefailure")
    time = event.get("@timestamp")
    if time is None or not (isinstance(time, str) and ISO.match(time)):
        if time is not None:
            event["_@timestamp"] = time
            tagged(event, "_timestampparsefailure")
        event["@timestamp"] = now()
    event.setdefault("@version", "1")
    return event


def failure(data):
    return settle({"message": data.decode("utf-8", "replace"), "tags": ["_jsonparsefailure"]})


def decode(data):
    """(events, odd) of one line or body: an object, or an array of them."""
    odd = Odd()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        odd.found.add("invalid UTF-8")
    try:
        value = json.loads(data.decode("utf-8", "replace"), parse_constant=no_constant, object_pairs_hook=odd.pairs)
    except ValueError:
        return [failure(data)], sorted(odd.found)
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, dict) for v in values):
        return [failure(data)], sorted(odd.found)
    return [settle(v) for v in values], sorted(odd.found)


class Store:
    """Events in the order in which they came, each with the connection that brought it."""

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        self._events = []

    def add(self, events, odd=(), **more):
        with self._lock:
            for event in events:
                self._events.append({"event": event, **({"odd": list(odd)} if odd else {}), **more})

    def dump(self):
        with self._lock:
            return list(self._events)
