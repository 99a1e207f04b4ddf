#!/usr/bin/env python3
"""logstash_http.py: a fake of Logstash's input http.

application/json goes to the codec json: an object, or an array of them; any other type is one
event with the whole body as its message, so lines of JSON are not events here (ndjson=1: as with
additional_codecs). 200 "ok"; more than `body` bytes: 413; `pending` events at most until
/release, then 429 "Busy"; 401 without the --credentials; 503 and others by /fault (web.py)."""
import control
import logstash_event
import web
from web import Answer

LIMITS = {"body": 100 << 20, "pending": 0, "ndjson": 0}


class Input:
    def __init__(self, fake):
        self.fake = fake
        self.pending, self.gate = 0, fake.faults.gate

    def is_busy(self, n):
        if self.gate.is_set():
            self.pending, self.gate = 0, self.fake.faults.gate
        most = self.fake.limits["pending"]
        if most and self.pending + n > most:
            return True
        self.pending += n
        return False

    def receive(self, request, _):
        limits = self.fake.limits
        if limits["body"] and len(request.wire) > limits["body"]:
            return Answer(413, "Request Entity Too Large\n")
        kind = request.header("Content-Type").split(";")[0].strip().lower()
        if kind == "application/json":
            decoded = [logstash_event.decode(request.body)]
        elif kind == "application/x-ndjson" and limits["ndjson"]:
            decoded = [logstash_event.decode(line) for line in request.body.split(b"\n") if line.strip()]
        else:
            text = request.body.decode("utf-8", "replace")
            decoded = [([logstash_event.settle({"message": text})], [])]
        n = sum(len(events) for events, _ in decoded)
        if self.is_busy(n):
            return Answer(429, "Busy\n", notes={"stored": 0})
        for events, odd in decoded:
            self.fake.store.add(events, odd)
        return Answer(200, "ok", notes={"stored": n})


def main():
    options = web.arguments(control.arguments(__doc__)).parse_args()
    fake = control.Fake(LIMITS, options.limit)
    fake.store = logstash_event.Store()
    web.Web(fake, options, Input(fake).receive, lambda request: Answer(200, "ok"))
    fake.run(options)


if __name__ == "__main__":
    main()
