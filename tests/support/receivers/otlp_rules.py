"""otlp_rules.py: the JSON mapping of OTLP logs (opentelemetry-proto, "JSON Protobuf Encoding").

Strict where receivers differ: names are lowerCamelCase and known, 64-bit integers are decimal
texts, ids are hex of their length and not all zero, an attribute has one name and one value."""
import base64
import binascii
import re

DECIMAL = re.compile(r"(0|[1-9][0-9]{0,19})\Z")
SIGNED = re.compile(r"-?(0|[1-9][0-9]{0,18})\Z")
RECORD = {"timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body", "attributes",
          "droppedAttributesCount", "flags", "traceId", "spanId", "eventName"}
VALUE = {"stringValue", "boolValue", "intValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue"}


class Wrong(Exception):
    """With the place: resourceLogs[0].scopeLogs[0].logRecords[3].traceId: ..."""


def want(condition, place, why):
    if not condition:
        raise Wrong(f"{place}: {why}")


def members(value, known, place):
    want(isinstance(value, dict), place, "is no object")
    for name in value:
        want(name in known, place, f"has an unknown member {name}")
    return value


def elements(value, place):
    want(isinstance(value, list), place, "is no array")
    return [(v, f"{place}[{i}]") for i, v in enumerate(value)]


def nanoseconds(value, place):
    want(isinstance(value, str) and DECIMAL.match(value) and int(value) < 1 << 64, place,
         "is no text of an unsigned 64-bit number")


def identifier(value, digits, place):
    want(isinstance(value, str) and re.match(r"[0-9a-fA-F]*\Z", value), place, "is no hexadecimal text")
    want(len(value) in (0, digits), place, f"has {len(value)} digits, not {digits}")
    want(not value or int(value, 16), place, "is all zero")


def any_value(value, place):
    """As JSON: what the attribute's value is."""
    members(value, VALUE, place)
    want(len(value) <= 1, place, "has more than one value")
    for kind, inner in value.items():
        return plain(kind, inner, f"{place}.{kind}")
    return None


def plain(kind, inner, place):
    if kind == "stringValue":
        want(isinstance(inner, str), place, "is no text")
    elif kind == "boolValue":
        want(isinstance(inner, bool), place, "is neither true nor false")
    elif kind == "intValue":
        want(isinstance(inner, str) and SIGNED.match(inner) and -(1 << 63) <= int(inner) < 1 << 63, place,
             "is no text of a 64-bit number")
        return int(inner)
    elif kind == "doubleValue":
        is_number = isinstance(inner, (int, float)) and not isinstance(inner, bool)
        want(is_number or inner in ("NaN", "Infinity", "-Infinity"), place, "is no number")
    elif kind == "bytesValue":
        return {"bytes": of_base64(inner, place)}
    elif kind == "arrayValue":
        members(inner, {"values"}, place)
        return [any_value(v, at) for v, at in elements(inner.get("values", []), place + ".values")]
    elif kind == "kvlistValue":
        members(inner, {"values"}, place)
        return attributes(inner.get("values", []), place + ".values")
    return inner


def of_base64(inner, place):
    try:
        return base64.b64decode(inner, validate=True).hex()
    except (binascii.Error, TypeError, ValueError) as error:
        raise Wrong(f"{place}: is no base64") from error


def attributes(value, place):
    found = {}
    for pair, at in elements(value, place):
        members(pair, {"key", "value"}, at)
        key = pair.get("key")
        want(isinstance(key, str) and key, at, "has no key")
        want(key not in found, at, f"is {key} again")
        found[key] = any_value(pair.get("value", {}), at + ".value")
    return found


def record(value, place):
    members(value, RECORD, place)
    for name in ("timeUnixNano", "observedTimeUnixNano"):
        if name in value:
            nanoseconds(value[name], f"{place}.{name}")
    if "severityNumber" in value:
        n = value["severityNumber"]
        want(isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 24, place + ".severityNumber", "is not 1 to 24")
    want(isinstance(value.get("severityText", ""), str), place + ".severityText", "is no text")
    want(isinstance(value.get("flags", 0), int), place + ".flags", "is no number")
    identifier(value.get("traceId", ""), 32, place + ".traceId")
    identifier(value.get("spanId", ""), 16, place + ".spanId")
    flat = {k: v for k, v in value.items() if k not in ("body", "attributes")}
    flat["body"] = any_value(value.get("body", {}), place + ".body")
    flat["attributes"] = attributes(value.get("attributes", []), place + ".attributes")
    return flat


def records(request):
    """All records of an ExportLogsServiceRequest, flat: with their resource and scope."""
    found = []
    members(request, {"resourceLogs"}, "the request")
    for resource, place in elements(request.get("resourceLogs", []), "resourceLogs"):
        members(resource, {"resource", "scopeLogs", "schemaUrl"}, place)
        about = members(resource.get("resource", {}), {"attributes", "droppedAttributesCount"}, place + ".resource")
        of = attributes(about.get("attributes", []), place + ".resource.attributes")
        for scope, at in elements(resource.get("scopeLogs", []), place + ".scopeLogs"):
            members(scope, {"scope", "logRecords", "schemaUrl"}, at)
            who = members(scope.get("scope", {}), {"name", "version", "attributes", "droppedAttributesCount"}, at + ".scope")
            for value, where in elements(scope.get("logRecords", []), at + ".logRecords"):
                found.append({"resource": of, "scope": who.get("name", ""), **record(value, where)})
    return found
