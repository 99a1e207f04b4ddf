/* telltale/families.h: metrics that services of this kind share, by one name and with the
 * same labels everywhere. Made from src/meter/families.tsv; telltale-families(7) has all.
 *
 *	#include <telltale/families.h>
 *
 *	TELL_COUNTER(requests, TELL_FAMILY_REQUESTS_TOTAL);
 *	TELL_GAUGE(connections, TELL_FAMILY_ACTIVE_CONNECTIONS);
 *
 *	tell_counter_add(tell_counter_with(requests, "/cart", "GET"), 1);
 *	tell_gauge_add(connections, 1);
 *
 * Shape:   each is the name, the sentence and the labels, as TELL_COUNTER() and its kin
 *          take them; the comment says which.
 * Limits:  one of two with the same name a process, as their labels differ.
 * Licence: MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_FAMILIES_H
#define TELLTALE_FAMILIES_H
#include <telltale/metric.h>

/* clang-format off */

/* counter */
#define TELL_FAMILY_REQUESTS_TOTAL \
	"requests_total", "Requests answered.", "endpoint", "method"

/* counter */
#define TELL_FAMILY_REQUESTS_ERRORS_TOTAL \
	"requests_errors_total", "Requests that failed.", "endpoint", "status"

/* histogram */
#define TELL_FAMILY_REQUEST_DURATION_SECONDS \
	"request_duration_seconds", "Time to answer a request.", "endpoint"

/* counter */
#define TELL_FAMILY_HTTP_REQUESTS_TOTAL \
	"http_requests_total", "HTTP requests answered.", "method", "endpoint", "status"

/* histogram */
#define TELL_FAMILY_HTTP_REQUEST_DURATION_SECONDS \
	"http_request_duration_seconds", "Time to answer an HTTP request.", "method", "endpoint"

/* gauge */
#define TELL_FAMILY_ACTIVE_CONNECTIONS \
	"active_connections", "Connections that are open."

/* histogram */
#define TELL_FAMILY_RESPONSE_TIME_SECONDS \
	"response_time_seconds", "Time to answer."

/* counter */
#define TELL_FAMILY_SUCCESSFUL_REQUESTS_TOTAL \
	"successful_requests_total", "Requests that went well."

/* counter */
#define TELL_FAMILY_FAILED_REQUESTS_TOTAL \
	"failed_requests_total", "Requests that went wrong."

/* counter */
#define TELL_FAMILY_ERRORS_TOTAL \
	"errors_total", "Errors.", "error_type"

/* counter */
#define TELL_FAMILY_LLM_CALLS_TOTAL \
	"llm_calls_total", "Calls of language models.", "model", "provider"

/* counter */
#define TELL_FAMILY_LLM_REQUESTS_TOTAL \
	"llm_requests_total", "Requests to language models.", "model", "status"

/* histogram */
#define TELL_FAMILY_LLM_REQUEST_DURATION_SECONDS \
	"llm_request_duration_seconds", "Time a language model took for a request.", "model"

/* histogram */
#define TELL_FAMILY_LLM_LATENCY_SECONDS \
	"llm_latency_seconds", "Time until a language model answered.", "model"

/* histogram */
#define TELL_FAMILY_LLM_CALL_DURATION_SECONDS \
	"llm_call_duration_seconds", "Time a call of a language model took.", "llm_model"

/* counter */
#define TELL_FAMILY_LLM_TOKENS_TOTAL \
	"llm_tokens_total", "Tokens of language models.", "model", "token_type"

/* counter */
#define TELL_FAMILY_LLM_MODEL_TOKENS_TOTAL \
	"llm_tokens_total", "Tokens of language models.", "llm_model", "token_type"

/* counter */
#define TELL_FAMILY_TOKENS_USED_TOTAL \
	"tokens_used_total", "Tokens used.", "model"

/* counter */
#define TELL_FAMILY_COST_MICROCENTS_TOTAL \
	"cost_microcents_total", "Cost in millionths of a cent.", "model"

/* gauge */
#define TELL_FAMILY_TOKEN_BUDGET_REMAINING \
	"token_budget_remaining", "Tokens left in the budget.", "tenant_id", "period"

/* counter */
#define TELL_FAMILY_TOKEN_BUDGET_USED_TOTAL \
	"token_budget_used_total", "Tokens taken from the budget.", "tenant_id", "period"

/* gauge */
#define TELL_FAMILY_ACTIVE_AGENT_RUNS \
	"active_agent_runs", "Runs of agents under way."

/* histogram */
#define TELL_FAMILY_AGENT_RUN_DURATION_SECONDS \
	"agent_run_duration_seconds", "Time a run of an agent took.", "agent_type", "status"

/* counter */
#define TELL_FAMILY_AGENT_STEPS_TOTAL \
	"agent_steps_total", "Steps that agents took.", "agent_id", "step_type"

/* counter */
#define TELL_FAMILY_AGENT_TYPE_STEPS_TOTAL \
	"agent_steps_total", "Steps that agents took.", "agent_type"

/* counter */
#define TELL_FAMILY_AGENT_TASKS_TOTAL \
	"agent_tasks_total", "Tasks that agents had.", "agent_id", "task_status"

/* gauge */
#define TELL_FAMILY_AGENT_ACTIVE_TASKS \
	"agent_active_tasks", "Tasks that agents have under way.", "agent_id"

/* histogram */
#define TELL_FAMILY_AGENT_LOOP_DURATION_SECONDS \
	"agent_loop_duration_seconds", "Time a round of an agent's loop took.", "agent_id"

/* counter */
#define TELL_FAMILY_WORKFLOW_EXECUTIONS_TOTAL \
	"workflow_executions_total", "Workflows run.", "workflow_id", "status"

/* counter */
#define TELL_FAMILY_CACHE_HITS_TOTAL \
	"cache_hits_total", "Look-ups that the cache answered.", "cache_type"

/* counter */
#define TELL_FAMILY_CACHE_MISSES_TOTAL \
	"cache_misses_total", "Look-ups that the cache did not answer.", "cache_type"

/* gauge */
#define TELL_FAMILY_CACHE_SIZE \
	"cache_size", "Entries in the cache.", "cache_type"

/* counter */
#define TELL_FAMILY_TOOL_CALLS_TOTAL \
	"tool_calls_total", "Calls of tools.", "tool_name", "success"

/* histogram */
#define TELL_FAMILY_TOOL_DURATION_SECONDS \
	"tool_duration_seconds", "Time a call of a tool took.", "tool_name"

/* counter */
#define TELL_FAMILY_TOOL_EXECUTIONS_TOTAL \
	"tool_executions_total", "Tools run.", "tool_name", "success"

/* histogram */
#define TELL_FAMILY_TOOL_EXECUTION_DURATION_SECONDS \
	"tool_execution_duration_seconds", "Time a tool ran.", "tool_name", "tool_provider"

/* gauge */
#define TELL_FAMILY_TOOL_CACHE_HIT_RATE \
	"tool_cache_hit_rate", "Share of look-ups that the cache of tools answered.", "tool_provider"
/* clang-format on */
#endif
