/* A program that writes one line with write(2) and ends. */
#include <unistd.h>

int main(void)
{
	static const char line[] = "{\"message\":\"hello\",\"n\":1}\n";
	return write(STDOUT_FILENO, line, sizeof(line) - 1) < 0;
}
