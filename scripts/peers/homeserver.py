"""Runs Synapse in the foreground for a test.

Two things that the plain start lacks:

* It ends when its standard input ends. Whoever starts it holds the other end of that pipe, so a test that is
  itself killed (a time limit, a Ctrl-C) leaves no server behind.
* With PEERS_CLOCK set to a Unix time, the server's clock starts there. The snapshot is filled that way, so that its
  rooms carry the same dates whenever it is rebuilt, and one of them is really idle. Tests never set it.
"""

import os
import sys
import threading
import time


def set_clock(start: float) -> None:
    offset = start - time.time()
    real = time.time
    time.time = lambda: real() + offset  # before Twisted and Synapse take their own reference


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


if os.environ.get("PEERS_CLOCK"):
    set_clock(float(os.environ["PEERS_CLOCK"]))

threading.Thread(target=end_with_parent, daemon=True).start()

from synapse.app.homeserver import main  # noqa: E402  (after the clock)

sys.argv[0] = "synapse.app.homeserver"
main()
