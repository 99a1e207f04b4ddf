// C++ that names the functions as C++ does, and includes the library's headers after ours.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <syslog.h>

struct printer {
	int n = 0;
	template <class T> void print(const T &value)
	{
		std::printf("value %s\n", std::to_string(value).c_str());
		n++;
	}
};

inline void in_an_inline_function()
{
	std::fprintf(stderr, "inline\n");
}

int main()
{
	printer p;
	p.print(1);
	p.print(2.5);
	in_an_inline_function();
	::syslog(LOG_INFO, "syslog %d", p.n);
	std::puts("put");
	std::fputs("part ", stdout);
	std::fflush(stdout);
	std::fwrite("written\n", 1, 8, stdout);
	std::cout << "cout stays what it was" << std::endl;
	std::perror("perror");
	std::_Exit(0);
}
