// The C++17 branch of the headers: values, levels, scopes, and sites that may stand in
// several files at once. Prints TAP.
#define TELL_LOGGER "test.calls"
#include <cerrno>
#include <csetjmp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <dlfcn.h>
#include <telltale.h>
#include "cxx/shared.h"
#include "support/tap.h"

enum class color : unsigned char { red, green };
enum plain { ONE = 1, MINUS = -1 };

static long debugs(const char *message)
{
	std::string where = std::string("message=\"") + message + "\" and level=debug";
	return tell_capture_count(where.c_str());
}

// A capture takes all levels; a service without rules takes those up to info.
static void usual_levels()
{
	tell_level_set("reset, info");
}

static void values()
{
	const std::string s = "std";
	const std::string_view part = std::string_view(s).substr(1);
	const char *none = nullptr;
	tell_info("numbers", tell_kv("b", true), tell_kv("i", -1),
		tell_kv("u", 18446744073709551615ULL), tell_kv("f", 0.5f),
		tell_kv("c", color::green), tell_kv("p", MINUS),
		tell_kv("t", timespec{ 1, 2 }), tell_kv("n", nullptr));
	tap_ok(tap_has("\"message\":\"numbers\",\"b\":true,\"i\":-1,\"u\":18446744073709551615,"
		       "\"f\":0.5,\"c\":1,\"p\":-1,\"t\":\"1970-01-01T00:00:01.000000002Z\","
		       "\"n\":null"),
		"numbers keep their types");
	tell_info("texts", tell_var(s), tell_var(part), tell_kv("made", s + "!"),
		tell_var(none), tell_kv("empty", std::string_view()),
		tell_kv("nul", std::string("a\0b", 3)));
	tap_ok(tap_has("\"s\":\"std\",\"part\":\"td\",\"made\":\"std!\",\"none\":null,"
		       "\"empty\":\"\",\"nul\":\"a\\u0000b\""),
		"texts keep their length");
	tell_info("list", tell_list("l", 1, "two", 3.5, s, part, color::green, true));
	tap_ok(tap_has("\"l\":[1,\"two\",3.5,\"std\",\"td\",1,true]"),
		"an array has all kinds");
	tell_info("secret", tell_secret("token", s), tell_str("part", part));
	tap_ok(tap_has("\"token\":\"[REDACTED]\",\"part\":\"td\""),
		"a secret is none of them");
	tell_info(part, tell_kv("n", 1));
	tap_ok(tap_has("\"message\":\"td\",\"n\":1"), "a message may be a view");
	tell_info(s + "!");
	tap_ok(tap_has("\"message\":\"std!\""), "or a std::string");
	tell_errorf("%s %d", s.c_str(), 5);
	tap_ok(tap_has("\"message\":\"std 5\"") && tap_has("\"level\":\"error\""),
		"printf's form is formatted");
	tap_ok(tap_has("\"logger\":\"test.calls\"") && tap_has("calls.cc\"") &&
			tap_has("\"function\":\"values\""),
		"the record says where");
}

static void ways()
{
	const tell_field fields[] = { tell_kv("a", 1), tell_kv("b", "two") };
	tell_log(TELL_NOTICE, "array", fields, 2);
	tap_ok(tap_has("\"a\":1,\"b\":\"two\"") && tap_has("\"level\":\"notice\""),
		"an array of fields");
	tell *t = tell_with(nullptr, tell_kv("db", "orders"), tell_kv("pool", 2));
	tell_to(t, TELL_WARNING, "slow", tell_kv("ms", 12));
	tap_ok(tap_has("\"db\":\"orders\",\"pool\":2,\"ms\":12"),
		"a handle's bound fields");
	tell_tof(t, TELL_WARNING, "slow %d", 1);
	tap_ok(tap_has("\"message\":\"slow 1\",\"db\":\"orders\""),
		"and in printf's form");
	tell_free(t);
	long before = tell_capture_count(nullptr);
	for (int i = 0; i < 3; i++) {
		TELL_ONCE tell_info("once");
		TELL_EVERY(3600000) tell_info("hourly");
	}
	tap_is(tell_capture_count(nullptr) - before, 2, "once is once, in an hour too");
	int calls = 0;
	auto costly = [&calls] { return ++calls; };
	for (int i = 0; i < 3; i++)
		tell_debug("off", tell_kv("n", costly()));
	tap_is(calls, 1, "what is known to be off evaluates nothing");
}

static void throwing()
{
	TELL_SCOPE(tell_kv("inner", std::string("gone")));
	throw std::runtime_error("x");
}

static void scopes()
{
	{
		TELL_SCOPE(tell_kv("request_id", std::string("r1")), tell_kv("n", 1));
		TELL_SCOPE(tell_kv("n", 2));
		tell_info("in");
		tap_ok(tap_has("\"request_id\":\"r1\",\"n\":2"), "scopes nest");
		try {
			throwing();
		} catch (const std::runtime_error &) {
			tell_info("caught");
		}
		tap_ok(tap_has("\"n\":2") && !strstr(tap_last(), "inner"),
			"an exception leaves its scopes");
	}
	tell_info("out");
	tap_ok(!strstr(tap_last(), "request_id"), "and they end");
	std::unique_ptr<tell_context, decltype(&tell_context_free)> c(
		tell_context_new(tell_kv("peer", std::string("ann"))), tell_context_free);
	std::thread([&c] {
		TELL_ENTER(c.get());
		tell_info("in a thread");
	}).join();
	tap_ok(tap_has("\"peer\":\"ann\""), "a context is entered in another thread");
}

static void inline_functions()
{
	shared_inline();
	other_inline();
	tap_is(debugs("inline"), 0, "debug is off");
	tap_is(tell_level_set("func:shared_inline debug"), 0, "a rule is taken");
	shared_inline();
	other_inline();
	tap_is(debugs("inline"), 2,
		"it switches the inline function's call in both files");
	usual_levels();
	shared_inline();
	other_inline();
	tap_is(debugs("inline"), 2, "and off again");
}

static void templates()
{
	tell_level_set("file:shared.h debug"); // before the site was ever reached
	shared_template(1);
	other_template(2);
	shared_template(std::string("three"));
	tap_is(debugs("template"), 3, "a rule set before switches every instance");
	usual_levels();
	shared_template(1);
	other_template(2);
	shared_template(std::string("three"));
	tap_is(debugs("template"), 3, "and off again");
	tell_level_set("file:calls.cc debug");
	shared_template(1);
	tap_is(debugs("template"), 3, "a rule for another file does not");
	usual_levels();
}

__attribute__((format(printf, 3, 4))) static void at(
	tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell_vlogf(site, level, fmt, ap);
	va_end(ap);
}
#define wrapped(level, ...) at(TELL_SITE(level), (level), __VA_ARGS__)

template <class T> static void wrapper(T level)
{
	wrapped(level, "wrapped");
}

static void wrappers()
{
	wrapper(TELL_NOTICE);
	tap_ok(tap_has("\"function\":\"wrapper\"") && tap_has("\"level\":\"notice\""),
		"a wrapper keeps the caller's place");
	wrapper(TELL_DEBUG);
	tap_is(debugs("wrapped"), 0, "with a level known at run time");
	tell_level_set("func:wrapper debug");
	wrapper(TELL_DEBUG);
	tap_is(debugs("wrapped"), 1, "it can be switched");
	usual_levels();
}

static bool load_and_log(const char *path, int times)
{
	for (int i = 0; i < times; i++) {
		void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		if (!object) {
			printf("# %s\n", dlerror());
			return false;
		}
		auto log = reinterpret_cast<void (*)(int)>(dlsym(object, "plugin_log"));
		log(i);
		dlclose(object);
	}
	return true;
}

static void plugins(const char *path)
{
	tap_ok(load_and_log(path, 1), "a plugin is loaded and unloaded");
	tap_is(debugs("plugin details"), 0, "its debug is off");
	tell_level_set("logger:test.plugin debug");
	tap_ok(load_and_log(path, 100), "it comes and goes a hundred times");
	tap_is(debugs("plugin details"), 100, "the rule holds each time");
	tap_ok(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nullptr, "and it is gone");
	usual_levels();
}

struct early {
	early()
	{
		tell_debug("before main");
	}
};
static early before_main;

int main(int argc, char **argv)
{
	tap_is(tell_capture_start("cxx"), 0, "starts");
	usual_levels();
	values();
	ways();
	scopes();
	inline_functions();
	templates();
	wrappers();
	plugins(argc > 1 ? argv[1] : TELL_TEST_CXX_PLUGIN);
	tell_capture_stop();
	return tap_done();
}
