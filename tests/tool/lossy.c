/* Logs more than its queue can hold, from three threads: what tests/tool/audit.sh counts again. */
#include <pthread.h>
#include <telltale.h>

#define THREADS 3
#define RECORDS 10000

static void *work(void *arg)
{
	for (int i = 0; i < RECORDS; i++)
		tell_info("paid", tell_kv("i", i));
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];
	tell_init("lossy");
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	(void)tell_flush(60000);
	tell_close();
	return 0;
}
