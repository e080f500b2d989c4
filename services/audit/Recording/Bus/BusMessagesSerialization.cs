using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>Hands messages on as the bytes that they are, so that each is parsed once, and by whom can say what is wrong with it.</summary>
internal sealed class BusMessagesSerialization : ISerializerFactory, IMessageDeserializer
{
    private const RawSerializerOptions Options = RawSerializerOptions.AnyMessageType;

    public ContentType ContentType => SystemTextJsonRawMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => new SystemTextJsonRawMessageSerializer(Options);

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new Context(new RawMessageContext(headers, destinationAddress, Options), new BusMessages(body.GetBytes()));

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("bytes");

    private sealed class Context(MessageContext context, BusMessages messages) : SystemTextJsonSerializerContext(
        SystemTextJsonMessageSerializer.Instance,
        SystemTextJsonMessageSerializer.Options,
        SystemTextJsonRawMessageSerializer.JsonContentType,
        context,
        [],
        message: messages)
    {
        public override bool IsSupportedMessageType<T>() => typeof(T) == typeof(BusMessages);

        public override bool IsSupportedMessageType(Type messageType) => messageType == typeof(BusMessages);
    }
}
