using System.Collections.Concurrent;
using Grpc.Core;

namespace Temporalio.Client.Transport;

/// <summary>The methods of Temporal's services as gRPC sees them, each made once: what a channel keeps of a method it keeps as long as it lives.</summary>
internal static class RpcMethods
{
    private static readonly ConcurrentDictionary<(string Service, string Rpc), Method<IMessage, IMessage>> Known = new();
    private static readonly Marshaller<IMessage> Requests = Marshallers.Create<IMessage>(Write, static _ => throw new NotSupportedException());

    /// <summary>The method of a name, whose answers a parser reads.</summary>
    public static Method<IMessage, IMessage> Of(string service, string rpc, MessageParser parser) => Known.GetOrAdd(
        (service, rpc),
        static (name, parser) => new(
            MethodType.Unary,
            name.Service,
            name.Rpc,
            Requests,
            Marshallers.Create<IMessage>(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()))),
        parser);

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
