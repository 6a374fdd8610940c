/*
 * A driver for indiserver that is no bottleneck: what it says was made beforehand.
 *   FLOOD=numbers:N    after each command: N number vectors at once, counting on; 0: after the first, without end
 *   FLOOD=blob:BYTES   after each command: one BLOB of so many bytes, in memory shared with the server as libindi's
 *                      drivers do (`attached`, a memfd in SCM_RIGHTS), then a pingRequest
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
    "</defNumberVector>\n";

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

static void attach(int memory, long bytes)
{
    static unsigned long number;
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
    int memory = bytes ? image(bytes) : -1;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        const char *definitions = bytes ? camera : focuser;
        if (strstr(line, "<getProperties")) say(definitions, strlen(definitions));
        if (!strstr(line, "<new")) continue;
        if (bytes) attach(memory, bytes);
        else flood(count);
    }
    return 0;
}
