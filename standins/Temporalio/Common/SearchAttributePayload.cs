using System.Globalization;
using System.Text.Json;

namespace Temporalio.Common;

/// <summary>Turns search attribute values into payloads and back; codecs never touch these.</summary>
internal static class SearchAttributePayload
{
    public static Payload Write(SearchAttributeKey key, object? value)
    {
        object? json = value is DateTimeOffset time ? time.ToString("o", CultureInfo.InvariantCulture) : value;
        var payload = new Payload { Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(json)) };
        payload.Metadata["encoding"] = ByteString.CopyFromUtf8("json/plain");
        payload.Metadata["type"] = ByteString.CopyFromUtf8(key.ValueType.ToString());
        return payload;
    }

    public static KeyValuePair<SearchAttributeKey, object>? Read(string name, Payload payload)
    {
        if (!payload.Metadata.TryGetValue("type", out var typeName) ||
            !Enum.TryParse<IndexedValueType>(typeName.ToStringUtf8().Replace("INDEXED_VALUE_TYPE_", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var type))
        {
            return null;
        }

        var json = JsonSerializer.Deserialize<JsonElement>(payload.Data.Span);

        // The server may give a list of one for an attribute that is no list.
        if (type != IndexedValueType.KeywordList && json is { ValueKind: JsonValueKind.Array } && json.GetArrayLength() == 1)
        {
            json = json[0];
        }

        return json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : Read(name, type, json);
    }

    private static KeyValuePair<SearchAttributeKey, object>? Read(string name, IndexedValueType type, JsonElement json) => type switch
    {
        IndexedValueType.Text => new(SearchAttributeKey.CreateText(name), json.GetString()!),
        IndexedValueType.Keyword => new(SearchAttributeKey.CreateKeyword(name), json.GetString()!),
        IndexedValueType.Int => new(SearchAttributeKey.CreateLong(name), json.GetInt64()),
        IndexedValueType.Double => new(SearchAttributeKey.CreateDouble(name), json.GetDouble()),
        IndexedValueType.Bool => new(SearchAttributeKey.CreateBool(name), json.GetBoolean()),
        IndexedValueType.Datetime => new(SearchAttributeKey.CreateDateTimeOffset(name), json.GetDateTimeOffset()),
        IndexedValueType.KeywordList => new(SearchAttributeKey.CreateKeywordList(name), json.Deserialize<List<string>>()!),
        _ => null,
    };
}
