using System.Text.Json;

namespace Temporalio.Converters;

/// <summary>Encodes null.</summary>
public class BinaryNullConverter : IEncodingConverter
{
    public string Encoding => "binary/null";

    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is null ? Encoded.As(Encoding, ByteString.Empty) : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null
            ? type == typeof(ValueTuple) ? default(ValueTuple) : throw new ArgumentException($"Unable to convert null payload to type {type}, only nullable types allowed")
            : null;
}

/// <summary>Passes byte arrays through.</summary>
public class BinaryPlainConverter : IEncodingConverter
{
    public string Encoding => "binary/plain";

    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is byte[] bytes ? Encoded.As(Encoding, ByteString.CopyFrom(bytes)) : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) => type.IsAssignableFrom(typeof(byte[]))
        ? payload.Data.ToByteArray()
        : throw new ArgumentException($"Payload is byte array, but type is {type}");
}

/// <summary>Encodes protobuf messages as protobuf JSON.</summary>
public class JsonProtoConverter(JsonFormatter formatter, JsonParser parser) : IEncodingConverter
{
    public JsonProtoConverter()
        : this(JsonFormatter.Default, JsonParser.Default)
    {
    }

    public string Encoding => "json/protobuf";

    protected JsonFormatter Formatter { get; private init; } = formatter;

    protected JsonParser Parser { get; private init; } = parser;

    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is IMessage message ? Encoded.Message(Encoding, message, ByteString.CopyFromUtf8(Formatter.Format(message))) : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) => Parser.Parse(payload.Data.ToStringUtf8(), Encoded.DescriptorOf(type));
}

/// <summary>Reads protobuf messages from their binary form.</summary>
public class BinaryProtoConverter : IEncodingConverter
{
    public string Encoding => "binary/protobuf";

    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is IMessage message ? Encoded.Message(Encoding, message, message.ToByteString()) : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) => Encoded.DescriptorOf(type).Parser.ParseFrom(payload.Data);
}

/// <summary>Encodes anything as JSON by System.Text.Json.</summary>
public class JsonPlainConverter(JsonSerializerOptions serializerOptions) : IEncodingConverter
{
    public virtual string Encoding => "json/plain";

    protected JsonSerializerOptions SerializerOptions { get; private init; } = serializerOptions;

    public virtual bool TryToPayload(object? value, out Payload? payload)
    {
        payload = Encoded.As(Encoding, ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value, value?.GetType() ?? typeof(object), SerializerOptions)));
        return true;
    }

    public virtual object? ToValue(Payload payload, Type type) => JsonSerializer.Deserialize(payload.Data.Span, type, SerializerOptions);
}

internal static class Encoded
{
    public static Payload As(string encoding, ByteString data)
    {
        var payload = new Payload { Data = data };
        payload.Metadata["encoding"] = ByteString.CopyFromUtf8(encoding);
        return payload;
    }

    public static Payload Message(string encoding, IMessage message, ByteString data)
    {
        var payload = As(encoding, data);
        payload.Metadata["messageType"] = ByteString.CopyFromUtf8(message.Descriptor.FullName);
        return payload;
    }

    public static Google.Protobuf.Reflection.MessageDescriptor DescriptorOf(Type type) =>
        type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as Google.Protobuf.Reflection.MessageDescriptor
        ?? throw new ArgumentException($"Payload is protobuf message, but type is {type}");
}
