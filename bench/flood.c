/*
 * A driver that is no bottleneck: what it says was made beforehand.
 *   FLOOD=numbers:N    after each command: N number vectors at once, counting on; 0: after the first, without end
 *   FLOOD=blob:BYTES   after each command: one BLOB of so many bytes, then a pingRequest; as libindi's drivers do, in
 *                      shared memory (`attached`, a memfd in SCM_RIGHTS) where stdout is a UNIX socket, else as base64
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 200

static const char *focuser =
    "<defNumberVector device='Focuser Simulator' name='ABS_FOCUS_POSITION' label='Absolute Position'"
    " group='Main Control' state='Idle' perm='rw' timeout='60' timestamp='2026-01-15T20:00:00'>\n"
    "<defNumber name='FOCUS_ABSOLUTE_POSITION' label='Steps' format='%.f' min='0' max='0' step='0'>0</defNumber>\n"
    "</defNumberVector>\n"
    "<defSwitchVector device='Focuser Simulator' name='NEXT' label='Next' group='Main Control' state='Idle' perm='rw'"
    " rule='AtMostOne' timeout='60' timestamp='2026-01-15T20:00:00'>\n"
    "<defSwitch name='NEXT' label='Next'>Off</defSwitch>\n"
    "</defSwitchVector>\n";

static const char *camera =
    "<defNumberVector device='CCD Simulator' name='CCD_EXPOSURE' label='Expose' group='Main Control' state='Idle'"
    " perm='rw' timeout='60' timestamp='2026-01-15T20:00:00'>\n"
    "<defNumber name='CCD_EXPOSURE_VALUE' label='Duration' format='%.3f' min='0' max='3600' step='1'>0</defNumber>\n"
    "</defNumberVector>\n"
    "<defBLOBVector device='CCD Simulator' name='CCD1' label='Image' group='Image Info' state='Idle' perm='ro'"
    " timeout='60' timestamp='2026-01-15T20:00:00'>\n"
    "<defBLOB name='CCD1' label='Image'/>\n"
    "</defBLOBVector>\n";

static void say(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(1, text, length);
        if (written <= 0) exit(0);
        text += written;
        length -= written;
    }
}

/* The layout is libindi's: one attribute a line, values on lines of their own. */
static void flood(long count)
{
    static char batch[BATCH * 400];
    static unsigned long sequence = 1;
    unsigned long end = sequence + count;
    while (count == 0 || sequence < end) {
        size_t length = 0;
        for (int i = 0; i < BATCH && (count == 0 || sequence < end); i++, sequence++)
            length += sprintf(batch + length,
                              "<setNumberVector\n  device='Focuser Simulator'\n  name='ABS_FOCUS_POSITION'\n"
                              "  state='Busy'\n  timeout='60'\n  timestamp='2026-01-15T20:00:00'>\n"
                              "  <oneNumber name='FOCUS_ABSOLUTE_POSITION'>\n      %lu\n  </oneNumber>\n"
                              "</setNumberVector>\n",
                              sequence);
        say(batch, length);
    }
}

static unsigned long number;

/* Lines of 72 characters, between a head and a tail. */
static void inlined(const char *lines, size_t length, long bytes)
{
    char text[600];
    say(text, sprintf(text,
                      "<setBLOBVector\n  device='CCD Simulator'\n  name='CCD1'\n  state='Ok'\n  timeout='60'\n"
                      "  timestamp='2026-01-15T20:00:00'>\n"
                      "  <oneBLOB\n    name='CCD1'\n    size='%ld'\n    enclen='%ld'\n    format='.fits'>\n",
                      bytes, (bytes + 2) / 3 * 4));
    say(lines, length);
    say(text, sprintf(text, "  </oneBLOB>\n</setBLOBVector>\n<pingRequest uid='SetBLOB/%lu'/>\n", ++number));
}

/* The bytes of the frame make every digit: what they are does not matter, but that they are base64. */
static char *encoded(long bytes, size_t *length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    long count = (bytes + 2) / 3 * 4;
    char *lines = malloc(count + count / 72 + 2), *end = lines;
    if (!lines) exit(1);
    for (long i = 0; i < count; i++) {
        *end++ = i >= count - (3 - bytes % 3) % 3 ? '=' : i >= count - 4 ? 'A' : digits[(i * 31 >> 3) & 63];
        if (i % 72 == 71) *end++ = '\n';
    }
    *end++ = '\n';
    *length = end - lines;
    return lines;
}

static int shared(void)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    return getsockopt(1, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

static void attach(int memory, long bytes)
{
    char text[600];
    int length = sprintf(text,
                         "<setBLOBVector\n  device='CCD Simulator'\n  name='CCD1'\n  state='Ok'\n  timeout='60'\n"
                         "  timestamp='2026-01-15T20:00:00'>\n"
                         "  <oneBLOB\n    name='CCD1'\n    size='%ld'\n    format='.fits'\n    len='%ld'\n"
                         "    attached='true'>\n  </oneBLOB>\n</setBLOBVector>\n<pingRequest uid='SetBLOB/%lu'/>\n",
                         bytes, bytes, ++number);
    char control[CMSG_SPACE(sizeof memory)] = {0};
    struct iovec piece = {text, length};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof memory);
    memcpy(CMSG_DATA(header), &memory, sizeof memory);
    if (sendmsg(1, &message, 0) != length) exit(1);
}

static int image(long bytes)
{
    long rounded = (bytes + 0xfffff) & ~0xfffffL;
    int memory = memfd_create("frame", 0);
    if (memory < 0 || ftruncate(memory, rounded) != 0) exit(1);
    unsigned char *pixels = mmap(NULL, rounded, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (pixels == MAP_FAILED) exit(1);
    for (long i = 0; i < bytes; i++) pixels[i] = (i * 31) >> 3;
    munmap(pixels, rounded);
    return memory;
}

int main(void)
{
    const char *mode = getenv("FLOOD");
    long bytes = mode && strncmp(mode, "blob:", 5) == 0 ? atol(mode + 5) : 0;
    long count = mode && strncmp(mode, "numbers:", 8) == 0 ? atol(mode + 8) : 0;
    size_t length = 0;
    int memory = bytes && shared() ? image(bytes) : -1;
    char *lines = bytes && memory < 0 ? encoded(bytes, &length) : NULL;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        const char *definitions = bytes ? camera : focuser;
        if (strstr(line, "<getProperties")) say(definitions, strlen(definitions));
        if (!strstr(line, "<new")) continue;
        if (lines) inlined(lines, length, bytes);
        else if (bytes) attach(memory, bytes);
        else flood(count);
    }
    return 0;
}
