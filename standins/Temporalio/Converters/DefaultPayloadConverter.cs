using System.Text.Json;

namespace Temporalio.Converters;

/// <summary>Takes the first encoding that fits: null, bytes, protobuf, then JSON.</summary>
public class DefaultPayloadConverter : IPayloadConverter
{
    public DefaultPayloadConverter()
        : this(new JsonSerializerOptions())
    {
    }

    public DefaultPayloadConverter(JsonSerializerOptions jsonSerializerOptions)
        : this(new BinaryNullConverter(), new BinaryPlainConverter(), new JsonProtoConverter(), new BinaryProtoConverter(), new JsonPlainConverter(jsonSerializerOptions))
    {
    }

    public DefaultPayloadConverter(params IEncodingConverter[] encodingConverters)
    {
        EncodingConverters = encodingConverters;
        IndexedEncodingConverters = encodingConverters.ToDictionary(converter => ByteString.CopyFromUtf8(converter.Encoding));
    }

    public IReadOnlyCollection<IEncodingConverter> EncodingConverters { get; private init; }

    protected IReadOnlyDictionary<ByteString, IEncodingConverter> IndexedEncodingConverters { get; private init; }

    public Payload ToPayload(object? value)
    {
        if (value is IRawValue raw)
        {
            return value is IEncodedRawValue ? throw new InvalidOperationException("Cannot convert IEncodedRawValue") : raw.Payload;
        }

        foreach (var converter in EncodingConverters)
        {
            if (converter.TryToPayload(value, out var payload))
            {
                return payload!;
            }
        }

        throw new ArgumentException($"Value of type {value?.GetType().ToString() ?? "<null>"} has no known converter");
    }

    public object? ToValue(Payload payload, Type type)
    {
        if (type == typeof(IRawValue) || type == typeof(RawValue))
        {
            return new RawValue(payload);
        }

        var encoding = payload.Metadata.GetValueOrDefault("encoding", ByteString.Empty);
        return IndexedEncodingConverters.TryGetValue(encoding, out var converter)
            ? converter.ToValue(payload, type)
            : throw new ArgumentException($"Unknown payload encoding {encoding.ToStringUtf8()}");
    }
}

file static class MetadataExtensions
{
    public static ByteString GetValueOrDefault(this Google.Protobuf.Collections.MapField<string, ByteString> map, string key, ByteString fallback) =>
        map.TryGetValue(key, out var value) ? value : fallback;
}
