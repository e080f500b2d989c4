"""Plays the server of the interoperability tests with grpcio, on a free port that it prints; ends with its input.

Messages are read and written by hand, so that no generated code is needed.
"""
import os
import sys
from concurrent import futures

import grpc

SERVICE = "grpc.testing.TestService"


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


def read_varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def parse(data):
    """The fields of a message: a list of values for each number."""
    fields, at = {}, 0
    while at < len(data):
        key, at = read_varint(data, at)
        value, at = read_varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        fields.setdefault(key >> 3, []).append(value)
    return fields


def zeros(size):
    return field(1, field(1, bytes(size)))


def echo_metadata(context):
    metadata = dict(context.invocation_metadata())
    if "x-grpc-test-echo-initial" in metadata:
        context.send_initial_metadata((("x-grpc-test-echo-initial", metadata["x-grpc-test-echo-initial"]),))
    if "x-grpc-test-echo-trailing-bin" in metadata:
        context.set_trailing_metadata((("x-grpc-test-echo-trailing-bin", metadata["x-grpc-test-echo-trailing-bin"]),))


def fail_as_asked(fields, number, context):
    for status in map(parse, fields.get(number, [])):
        code = next(code for code in grpc.StatusCode if code.value[0] == status[1][0])
        context.abort(code, status[2][0].decode())


def unary_call(request, context):
    echo_metadata(context)
    fields = parse(request)
    fail_as_asked(fields, 3, context)
    return zeros(fields.get(1, [0])[0])


def streaming_output_call(request, context):
    fields = parse(request)
    fail_as_asked(fields, 3, context)
    for parameters in map(parse, fields.get(1, [])):
        yield zeros(parameters.get(1, [0])[0])


def streaming_input_call(requests, context):
    return field(1, sum(len(parse(parse(request)[1][0])[1][0]) for request in requests))


def full_duplex_call(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from streaming_output_call(request, context)


HANDLERS = {
    "EmptyCall": grpc.unary_unary_rpc_method_handler(lambda request, context: b""),
    "UnaryCall": grpc.unary_unary_rpc_method_handler(unary_call),
    "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(streaming_output_call),
    "StreamingInputCall": grpc.stream_unary_rpc_method_handler(streaming_input_call),
    "FullDuplexCall": grpc.stream_stream_rpc_method_handler(full_duplex_call),
}

server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, HANDLERS),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
os._exit(0)
