"""hostile.py commands FILE: a driver's command for each input of FILE (golden/hostile.in), and
more with directives of printf(3). hostile.py read FILE SINK OUTPUT: what a second parser makes of
a sink's records beside the inputs; prints what differs."""
import json
import re
import sys

DIRECTIVES = [b"%s%s%s", b"%n%n", b"%1$s %2$n", b"%99999d", b"100%", b"%", b"%%s", b"${HOME} $(id) {0}"]
FORGED = [b"one\n<0>two", b"one\r\n2026-01-01T00:00:00Z forged", b'x","level":"emerg","y":"',
          b"x\nPRIORITY=0\nMESSAGE=forged", b"x\n\nMESSAGE=forged\n", b"a\x00<1>b"]
LONG = 20000


def unquote(text):
    times, out = 1, b""
    if text.startswith("@"):
        number, text = text[1:].split(":", 1)
        times = int(number)
    simple = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}
    for part in re.findall(r"\\x[0-9a-fA-F]{2}|\\.|[^\\]+", text):
        if part.startswith("\\x"):
            out += bytes([int(part[2:], 16)])
        elif part.startswith("\\"):
            out += simple[part[1]]
        else:
            out += part.encode()
    return (out * times)[:LONG]


def inputs(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.startswith("#") or "\t" not in line:
                continue
            role, text = line.rstrip("\n").split("\t", 1)
            yield re.match("message|value|name", role).group(), unquote(text)
    for data in DIRECTIVES + FORGED:
        for role in ("message", "value", "name"):
            yield role, data


def valid(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def from_journal(value):
    """journalctl's JSON: text, or the bytes of what is no printable text."""
    return bytes(value) if isinstance(value, list) else value.encode()


def number_of(sink, r):
    if sink == "journal":
        return int(r.get("I", -1))
    if sink == "syslog":
        return int(r["sd"].get("telltale@32473", {}).get("i", -1))
    return r.get("i", -1)


def wrong(sink, role, data, r):
    if sink == "syslog":
        return r["service"] != "hostile" or r["level"] != "6"
    if sink == "journal":
        if r["SYSLOG_IDENTIFIER"] != "hostile" or r["PRIORITY"] != "6":
            return True
        return role == "value" and from_journal(r["X"]) != data
    if r["service"] != "hostile" or r["level"] != "info":
        return True
    if role == "value" and valid(data):
        return r["x"].encode() != data
    if role == "message" and valid(data):
        return r["message"].encode() != data.split(b"\0")[0]
    return False


def pairs(items):
    """An object with the same name twice is no strict JSON."""
    if len({k for k, _ in items}) != len(items):
        raise ValueError("a name twice")
    return dict(items)


def main():
    cases = list(inputs(sys.argv[2]))
    if sys.argv[1] == "commands":
        for role, data in cases:
            print("bytes", role, data.hex())
        return
    sink = sys.argv[3]
    with open(sys.argv[4], encoding="utf-8", newline="\n") as lines:
        records = [json.loads(x, object_pairs_hook=pairs) for x in lines]
    if sink != "file" or len(records) != len(cases):
        records = [r for r in records if number_of(sink, r) >= 0]
    numbers = sorted(number_of(sink, r) for r in records)
    if numbers != list(range(len(cases))):
        print(len(records), "records for", len(cases), "calls")
        return
    for r in records:
        role, data = cases[number_of(sink, r)]
        if wrong(sink, role, data, r):
            print(role, data[:60], "came out as", str(r)[:300])


main()
