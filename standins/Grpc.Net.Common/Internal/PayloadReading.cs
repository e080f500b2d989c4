using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Internal;

/// <summary>Shows one received message to a marshaller, in place.</summary>
internal sealed class ReceivedPayload : DeserializationContext
{
    private ReadOnlySequence<byte> payload;

    public override int PayloadLength => (int)payload.Length;

    public void Set(ReadOnlySequence<byte> message) => payload = message;

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;
}
