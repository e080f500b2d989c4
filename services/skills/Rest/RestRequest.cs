using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mainstay.Skills.Rest;

/// <summary>Reads a request of the contract from plain HTTP.</summary>
internal static class RestRequest
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The request; refuses what it has no field for.</summary>
    public static async Task<TRequest> ReadAsync<TRequest>(HttpContext http)
        where TRequest : class, IMessage<TRequest>, new()
    {
        var descriptor = new TRequest().Descriptor;
        try
        {
            var body = await ReadBodyAsync(http);
            var json = body.Length == 0 ? [] : JsonNode.Parse(Encoding.UTF8.GetString(body)) as JsonObject ?? throw new JsonException("The body must be an object.");
            foreach (var (name, values) in http.Request.Query)
            {
                json[name] = Value(descriptor, name, [.. values]);
            }

            foreach (var (name, value) in http.Request.RouteValues)
            {
                json.Remove(descriptor.FindFieldByName(name)?.JsonName ?? name);
                json[name] = (string?)value;
            }

            return (TRequest)JsonParser.Default.Parse(json.ToJsonString(), descriptor);
        }
        catch (Exception exception) when (exception is JsonException or InvalidProtocolBufferException or InvalidJsonException)
        {
            throw SkillErrors.FieldInvalid(("body", $"is no {descriptor.Name} as JSON: {exception.Message}"));
        }
    }

    /// <summary>The body, up to the size that a message may have.</summary>
    public static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var got)
        {
            if (body.Length + got > MostBytes)
            {
                throw SkillErrors.FieldInvalid(("body", $"must be at most {MostBytes / 1024 / 1024} MiB"));
            }

            body.Write(buffer, 0, got);
        }

        return body.ToArray();
    }

    private static JsonNode? Value(MessageDescriptor descriptor, string name, string?[] values)
    {
        if (descriptor.FindFieldByName(name) is not { } field)
        {
            throw SkillErrors.FieldInvalid((name, $"is no field of {descriptor.Name}"));
        }

        var converted = values.Select(value => field.FieldType == FieldType.Bool && bool.TryParse(value, out var flag) ? (JsonNode?)flag : value);
        return field.IsRepeated ? new JsonArray([.. converted]) : converted.Last();
    }
}
