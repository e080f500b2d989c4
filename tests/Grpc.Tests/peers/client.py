"""Plays the client of the interoperability tests with grpcio: client.py <target> <case> [settings].

Prints one line of JSON with what it saw. Messages are written by hand, so that no generated code is needed.
"""
import itertools
import json
import sys
import threading

import grpc

target, name = sys.argv[1:3]
tls = json.loads(sys.argv[3] if len(sys.argv) > 3 else "{}").get("tls")
OPTIONS = [("grpc.max_receive_message_length", 16 << 20)]


def read(path):
    return path and open(path, "rb").read()


if tls:
    credentials = grpc.ssl_channel_credentials(read(tls["ca"]), read(tls["key"]), read(tls["certificate"]))
    channel = grpc.secure_channel(target, credentials, options=OPTIONS)
else:
    channel = grpc.insecure_channel(target, options=OPTIONS)
SERVICE = "/grpc.testing.TestService/"


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def payload(size):
    return field(1, bytes(size))


def raw(method, kind):
    return getattr(channel, kind)(method if method[0] == "/" else SERVICE + method)


def outcome(call):
    try:
        return {"code": 0, "length": len(call())}
    except grpc.RpcError as error:
        return {"code": error.code().value[0], "details": error.details()}


def custom_metadata():
    metadata = (("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
    _, call = raw("UnaryCall", "unary_unary").with_call(field(1, 1), metadata=metadata)
    return {
        "code": call.code().value[0],
        "initial": dict(call.initial_metadata())["x-grpc-test-echo-initial"],
        "trailing": dict(call.trailing_metadata())["x-grpc-test-echo-trailing-bin"].hex(),
    }


def cancel_after_first_response():
    # The requests stay open, so that only the cancellation can end the call.
    requests = itertools.chain([field(1, field(1, 31415))], never())
    responses = raw("FullDuplexCall", "stream_stream")(requests, timeout=10)
    next(responses)
    responses.cancel()
    return outcome(lambda: next(responses))


def ping_pong():
    # The next request goes out when the last one has its answer.
    answered = threading.Semaphore(1)

    def requests():
        for size in (31415, 9, 2653, 58979):
            answered.acquire()
            yield field(1, field(1, size))

    count = 0
    for _ in raw("FullDuplexCall", "stream_stream")(requests()):
        count += 1
        answered.release()
    return {"count": count}


def cancel_after_begin():
    call = raw("StreamingInputCall", "stream_unary").future(never())
    call.cancel()
    return {"code": call.code().value[0]}


def never():
    threading.Event().wait(10)
    yield b""


def health_watch():
    # A response is one field, its number and kind in the first byte and the status in the second.
    responses = raw("/grpc.health.v1.Health/Watch", "unary_stream")(b"")
    for response in itertools.islice(responses, 3):
        print({1: "SERVING", 2: "NOT_SERVING"}[response[1]], flush=True)
    return {"seen": 3}


CASES = {
    "health_watch": health_watch,
    "empty_unary": lambda: outcome(lambda: raw("EmptyCall", "unary_unary")(b"")),
    "large_unary": lambda: outcome(lambda: raw("UnaryCall", "unary_unary")(field(1, 314159) + field(2, payload(271828)))),
    "compressed_unary": lambda: outcome(
        lambda: raw("UnaryCall", "unary_unary")(field(1, 314159) + field(2, payload(271828)), compression=grpc.Compression.Gzip)
    ),
    "client_streaming": lambda: outcome(
        lambda: raw("StreamingInputCall", "stream_unary")(iter([field(1, payload(size)) for size in (27182, 8, 1828, 45904)]))
    ),
    "server_streaming": lambda: {
        "code": 0,
        "count": len(list(raw("StreamingOutputCall", "unary_stream")(b"".join(field(1, field(1, size)) for size in (31415, 9, 2653, 58979))))),
    },
    "timeout_on_sleeping_server": lambda: outcome(lambda: next(raw("FullDuplexCall", "stream_stream")(never(), timeout=0.05))),
    "ping_pong": ping_pong,
    "cancel_after_begin": cancel_after_begin,
    "cancel_after_first_response": cancel_after_first_response,
    "status_code_and_message": lambda: outcome(
        lambda: raw("UnaryCall", "unary_unary")(field(3, field(1, 2) + field(2, "special ☺ 😈\r\n".encode())))
    ),
    "unimplemented_method": lambda: outcome(lambda: raw("UnimplementedCall", "unary_unary")(b"")),
    "unimplemented_service": lambda: outcome(lambda: raw("/grpc.testing.Nobody/Call", "unary_unary")(b"")),
    "custom_metadata": custom_metadata,
}

print(json.dumps(CASES[name]()), end="", flush=True)
