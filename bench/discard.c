/* A receiver that discards: `discard SOCKET SECONDS` binds the datagram socket, says "ready"
 * and reads until nothing came for so long. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char data[1 << 18];
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	if (argc < 3)
		return 64;
	(void)snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", argv[1]);
	(void)unlink(argv[1]);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 69;
	(void)puts("ready");
	(void)fflush(stdout);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, atoi(argv[2]) * 1000) > 0)
		while (recv(fd, data, sizeof(data), MSG_DONTWAIT) >= 0)
			;
	return 0;
}
