using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Audit.Recording;

/// <summary>A message of the bus: any JSON at all, so that what is no audit event is kept too and not lost.</summary>
[JsonConverter(typeof(BusMessageConverter))]
internal sealed record BusMessage(JsonElement Body);

/// <summary>Takes a message as it is.</summary>
internal sealed class BusMessageConverter : JsonConverter<BusMessage>
{
    public override BusMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, BusMessage value, JsonSerializerOptions options) => value.Body.WriteTo(writer);
}
