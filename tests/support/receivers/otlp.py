#!/usr/bin/env python3
"""otlp.py: a fake of an OTLP/HTTP receiver of logs in JSON, POST /v1/logs and /otlp/v1/logs.

A body that is not the JSON mapping (otlp_rules.py) is 400 with a Status, nothing of it is stored;
another content type 415. Success is 200 with {}; --success 204 is Loki's, 201 fluent-bit's.
Faults are web.py's (429 with retry_after=, 503 ...), and

    partial&rejected=N&why=TEXT   200 with partialSuccess: the first N records are not stored;
                                  rejected=0 is a warning"""
import json

import control
import logstash_event
import otlp_rules
import web
from web import Answer

JSON = {"Content-Type": "application/json"}


def status(code, message):
    return json.dumps({"code": code, "message": message})


class Receiver:
    def __init__(self, fake, success):
        self.fake, self.success = fake, success

    def receive(self, request, fault):
        if request.path not in ("/v1/logs", "/otlp/v1/logs"):
            return Answer(404, "404 page not found\n")
        if request.header("Content-Type").split(";")[0].strip().lower() != "application/json":
            return Answer(415, status(3, "unsupported content type"), JSON)
        try:
            body = json.loads(request.body.decode("utf-8"), parse_constant=logstash_event.no_constant)
            records = otlp_rules.records(body)
        except (ValueError, otlp_rules.Wrong) as error:
            return Answer(400, status(3, str(error)), JSON, {"stored": 0})
        rejected = min(int(fault.get("rejected", 0)), len(records)) if fault["do"] == "partial" else 0
        self.fake.store.add(records[rejected:])
        notes = {"entries": len(records), "stored": len(records) - rejected}
        if fault["do"] != "partial":
            return Answer(self.success, "{}", JSON, notes)
        partial = {"rejectedLogRecords": str(rejected), "errorMessage": fault.get("why", "some were rejected")}
        return Answer(200, json.dumps({"partialSuccess": partial}), JSON, notes)


class Store(logstash_event.Store):
    def dump(self):
        return [row["event"] for row in super().dump()]


def main():
    parser = web.arguments(control.arguments(__doc__))
    parser.add_argument("--success", metavar="STATUS", type=int, default=200)
    options = parser.parse_args()
    fake = control.Fake({}, options.limit)
    fake.store = Store()
    web.Web(fake, options, Receiver(fake, options.success).receive, lambda request: Answer(405, "\n"))
    fake.run(options)


if __name__ == "__main__":
    main()
