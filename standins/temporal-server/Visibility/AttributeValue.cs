using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>Values of search attributes: checked when they are set, and put into one form for comparison.</summary>
internal static class AttributeValue
{
    /// <summary>The payload with its type noted in it; throws when the value is of another type.</summary>
    public static Payload Typed(string name, IndexedValueType type, Payload value)
    {
        try
        {
            Normalised(type, value);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw new SearchAttributeException($"invalid value for search attribute {name} of type {type}: {e.Message}");
        }

        var typed = value.Clone();
        typed.Metadata["type"] = ByteString.CopyFromUtf8(type.ToString());
        return typed;
    }

    /// <summary>A value as a payload of its type.</summary>
    public static Payload Of(IndexedValueType type, object value) => new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8(type.ToString()) },
        Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value)),
    };

    /// <summary>The values in the form they are searched in: one scalar each, an array for lists, times in UTC.</summary>
    public static string Document(SearchAttributes? attributes)
    {
        if (attributes is null || attributes.IndexedFields.Count == 0)
        {
            return "{}";
        }

        var document = new JsonObject();
        foreach (var (name, value) in attributes.IndexedFields)
        {
            if (value.Metadata.TryGetValue("type", out var noted) && Enum.TryParse<IndexedValueType>(noted.ToStringUtf8(), out var type) && Normalised(type, value) is { } normalised)
            {
                document[name] = normalised;
            }
        }

        return document.ToJsonString();
    }

    /// <summary>Tells whether the payload says that the attribute is to be unset.</summary>
    public static bool IsUnset(Payload value) =>
        (value.Metadata.TryGetValue("encoding", out var encoding) && encoding.ToStringUtf8() == "binary/null") || value.Data.Span.Trim(" \n"u8) is var data && (data.SequenceEqual("null"u8) || data.SequenceEqual("[]"u8));

    private static JsonNode? Normalised(IndexedValueType type, Payload value)
    {
        if (IsUnset(value))
        {
            return null;
        }

        var given = JsonNode.Parse(value.Data.Span) ?? throw new FormatException("not a value");
        if (type == IndexedValueType.KeywordList)
        {
            return new JsonArray([.. (given is JsonArray list ? list : [given.DeepClone()]).Select(item => (JsonNode)Text(item))]);
        }

        var single = given is JsonArray { Count: 1 } one ? one[0] ?? throw new FormatException("not a value") : given;
        return type switch
        {
            IndexedValueType.Int => single.GetValueKind() == JsonValueKind.Number ? single.GetValue<long>() : throw new FormatException("not a number"),
            IndexedValueType.Double => single.GetValueKind() == JsonValueKind.Number ? single.GetValue<double>() : throw new FormatException("not a number"),
            IndexedValueType.Bool => single.GetValue<bool>(),
            IndexedValueType.Datetime => DateTimeOffset.Parse(single.GetValue<string>(), CultureInfo.InvariantCulture).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            _ => Text(single),
        };
    }

    // The one character that PostgreSQL's texts cannot hold.
    private static string Text(JsonNode? node) => node?.GetValue<string>() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new FormatException("contains a null character");
}
