"""A mail server on loopback that keeps nothing of a letter but its Message-ID."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Self


class Sink:
    """Every Message-ID it has said 250 to, in order, repeats included."""

    def __init__(self, seconds_each: float = 0.0) -> None:
        self.taken: list[str] = []
        self.port = 0
        self._seconds_each = seconds_each
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        self._ready.wait(timeout=10)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A killed worker leaves in the middle of a sentence.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            writer.write(b"220 sink\r\n")
            while line := await reader.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    message_id = _message_id(await reader.readuntil(b"\r\n.\r\n"))
                    await asyncio.sleep(self._seconds_each)
                    self.taken.append(message_id)
                writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 well\r\n")
                await writer.drain()
                if word == b"QUIT":
                    break
        writer.close()


def _message_id(message: bytes) -> str:
    head, _, _ = message.partition(b"\r\n\r\n")
    lines = head.replace(b"\r\n ", b" ").split(b"\r\n")
    found = [line[11:].strip() for line in lines if line.lower().startswith(b"message-id:")]
    return found[0].decode() if len(found) == 1 else f"not one Message-ID but {len(found)}"


@contextlib.contextmanager
def sink(seconds_each: float = 0.0) -> Iterator[Sink]:
    there = Sink(seconds_each).start()
    try:
        yield there
    finally:
        there.stop()
