using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.BusContracts;

/// <summary>Reads a whole number however it is written, 12.0 and 1.2e1 included, as JSON Schema counts them.</summary>
internal sealed class WholeNumberConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole))
        {
            return T.CreateSaturating(whole);
        }

        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsInteger(number)
            ? T.CreateSaturating(number)
            : throw new JsonException("The value is no whole number.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(long.CreateSaturating(value));
}
