#!/usr/bin/env python3
"""loki.py: a fake Grafana Loki 3.2, as far as a client that pushes JSON can tell.

It has the rows that were observed at the real one: what is partly stored (too old, too new, too
far behind, line or metadata too big, a stream with too many labels), what stores nothing (bad
JSON, a bad label name anywhere, no JSON content type), same time and line once whatever the
metadata, rewritten metadata names, poison, empty lines, more than 4 MiB: 500, rates and streams:
429 without Retry-After, tenants. Not there: protobuf, OTLP, detected_level, what a chunk forgets.

    POST /loki/api/v1/push
    GET  /loki/api/v1/query_range?query={a="b"}|="text"&limit=&start=&end=&direction=
    GET  /ready

Limits are Loki's defaults: --limit NAME=VALUE or /limits?NAME=VALUE sets another, 0 is none;
auth=1 asks for X-Scope-OrgID, metadata=0 is a Loki without structured metadata."""
import control
import loki_rules
import loki_store
import web
from web import Answer

LIMITS = {"age_s": 7 * 86400, "ahead_s": 600, "behind_s": 3600, "line": 256 << 10,
          "metadata": 1, "metadata_bytes": 64 << 10, "metadata_count": 128,
          "labels": 15, "label_name": 1024, "label_value": 2048, "streams": 5000,
          "message": 4 << 20, "rate": 4 << 20, "burst": 6 << 20,
          "stream_rate": 3 << 20, "stream_burst": 15 << 20, "auth": 0}


class Loki:
    def __init__(self, fake):
        self.fake = fake

    def tenant(self, request):
        """(tenant, None) or (None, Answer)."""
        if not self.fake.limits["auth"]:
            return "fake", None
        tenant = request.header("X-Scope-OrgID")
        fault = loki_rules.tenant_fault(tenant)
        if not fault:
            return tenant, None
        return None, Answer(400 if tenant else 401, fault + "\n")

    def receive(self, request, _):
        if request.path != "/loki/api/v1/push":
            return Answer(404, "404 page not found\n")
        tenant, refused = self.tenant(request)
        if refused:
            return refused
        kind = request.header("Content-Type").split(";")[0].strip().lower()
        if not kind:
            return Answer(400, "mime: no media type\n")
        if kind != "application/json":
            return Answer(400, "snappy: corrupt input\n")
        try:
            streams = loki_rules.parse(request.body)
        except loki_rules.Malformed as error:
            return Answer(400, f"{error}\n", notes={"tenant": tenant, "entries": 0, "stored": 0})
        most = self.fake.limits["message"]
        if most and len(request.body) > most:
            return Answer(500, "rpc error: code = ResourceExhausted desc = grpc: received message larger than max "
                          f"({len(request.body)} vs. {most})\n", notes={"tenant": tenant, "stored": 0})
        return self.fake.store.push(tenant, streams)

    def look(self, request):
        if request.path == "/ready":
            return Answer(200, "ready\n")
        if request.path != "/loki/api/v1/query_range":
            return Answer(405 if request.path == "/loki/api/v1/push" else 404, "\n")
        tenant, refused = self.tenant(request)
        if refused:
            return refused
        status, said = self.fake.store.query(tenant, request.query)
        if status != 200:
            return Answer(status, said + "\n")
        return Answer(200, control.json_lines([said]), {"Content-Type": "application/json; charset=UTF-8"})


def main():
    options = web.arguments(control.arguments(__doc__)).parse_args()
    fake = control.Fake(LIMITS, options.limit)
    fake.store = loki_store.Store(fake.limits)
    loki = Loki(fake)
    web.Web(fake, options, loki.receive, loki.look)
    fake.run(options)


if __name__ == "__main__":
    main()
