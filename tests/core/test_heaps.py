"""Threads that share heaps give back to each other what they have freed."""

import platform
import subprocess
import sys

import pytest

from core import heaps

# Each thread takes its own memory and leaves it; what the process holds then is what is printed.
CODE = """
import ctypes, sys, threading
from core import heaps
if sys.argv[1] == "shared":
    assert heaps.share(1)
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
begin = threading.Barrier(8)

def work():
    begin.wait()
    pieces = [libc.malloc(60_000) for _ in range(40)]
    begin.wait()
    for one in pieces[:-1]:  # The last one keeps the heap from being given back.
        libc.free(one)

threads = [threading.Thread(target=work) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()

import os, tempfile
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
with tempfile.TemporaryFile() as file:
    stream = libc.fdopen(os.dup(file.fileno()), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    file.seek(0)
    print(file.read().count(b"<heap nr="))
"""
GLIBC = platform.libc_ver()[0] == "glibc"


@pytest.mark.skipif(not GLIBC, reason="another C library")
def test_threads_share_one_heap_and_have_several_without():
    def count(how):
        done = subprocess.run(
            [sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert count("shared") == 1
    assert count("own") > 1


TRIM = """
import ctypes
from core import heaps
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def held():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

pieces = [libc.malloc(60_000) for _ in range(1_000)]
for one in pieces: ctypes.memset(one, 1, 60_000)
for one in pieces[:-1]: libc.free(one)  # The last one keeps the heap from being given back.
before = held()
heaps.trim()
print(before - held())
"""


@pytest.mark.skipif(not GLIBC, reason="another C library")
def test_what_is_free_below_what_is_used_goes_back_to_the_machine():
    done = subprocess.run([sys.executable, "-c", TRIM], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000  # KB, of 60,000


def test_where_the_c_library_is_another_one_nothing_happens(monkeypatch):
    monkeypatch.setattr(heaps.sys, "platform", "win32")
    assert heaps.share() is False
    heaps.trim()
