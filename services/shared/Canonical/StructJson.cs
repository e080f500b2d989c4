using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace Mainstay.ServiceDefaults.Canonical;

/// <summary>Turns the JSON values of protobuf into those of .NET, and back.</summary>
public static class StructJson
{
    /// <summary>The object as a JSON node; throws <see cref="FormatException"/> for a number that JSON cannot hold.</summary>
    public static JsonObject ToJsonObject(this Struct value) =>
        new(value.Fields.Select(field => KeyValuePair.Create(field.Key, field.Value.ToJsonNode())));

    /// <summary>The value as a JSON node, null for null; throws <see cref="FormatException"/> for a number that JSON cannot hold.</summary>
    public static JsonNode? ToJsonNode(this Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => JsonValue.Create(value.BoolValue),
        Value.KindOneofCase.NumberValue => Number(value.NumberValue),
        Value.KindOneofCase.StringValue => JsonValue.Create(value.StringValue),
        Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(ToJsonNode)]),
        Value.KindOneofCase.StructValue => value.StructValue.ToJsonObject(),
        _ => null,
    };

    /// <summary>The object as protobuf has it.</summary>
    public static Struct ToStruct(this JsonObject value) => Struct.Parser.ParseJson(value.ToJsonString());

    /// <summary>The value as protobuf has it.</summary>
    public static Value ToValue(this JsonNode? value) => Value.Parser.ParseJson(value?.ToJsonString() ?? "null");

    // Whole numbers stay whole, so that 3 is not written as 3.0.
    private static JsonValue Number(double number) => number switch
    {
        _ when !double.IsFinite(number) => throw new FormatException("A number must be finite."),
        _ when double.IsInteger(number) && Math.Abs(number) <= 9007199254740991 => JsonValue.Create((long)number),
        _ => JsonValue.Create(number),
    };
}
